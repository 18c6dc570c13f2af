/// A framework as users see it.
package struct FrameworkView: Hashable, Sendable {
  package enum State: String, Sendable, CaseIterable {
    case connected
    /// Its stream has ended; it may come back.
    case away
  }

  /// Why it is offered nothing more now. Codes are part of the API.
  package enum Code: String, Sendable, CaseIterable {
    /// Its stream has ended, and offers are made on a stream only.
    case away
    /// It wants nothing.
    case noDemand = "no-demand"
    /// All that it wants is offered, and it has yet to answer.
    case offered
    /// Its offers came to nothing, and its next turn comes after a while.
    case resting
    /// Its role has as much as its limit allows.
    case limit
    /// Others have less of what they are due, and take what there is.
    case share
    /// Room for one of its shapes is being gathered.
    case gathering
    /// No rack has room for one of its shapes now.
    case resources
    /// No rack with a node is there.
    case noRack = "no-rack"
    /// The master's disk is nearly full: nothing is started.
    case diskLow = "disk-low"
    /// It wanted something just now.
    case notYetConsidered = "not-yet-considered"
  }

  package var info: FrameworkInfo
  package var state: State
  /// Of one that is away: after so long it is removed.
  package var leaves: TimeSpan
  package var used: Resources
  package var offered: Resources
  /// Dominant, of what it has and is offered.
  package var share: Double
  /// What it is due by its role's weight and all demand.
  package var fairShare: Double
  package var demands: [DemandView]
  /// Of its tasks.
  package var job: JobProgress
  package var code: Code
  /// One for people.
  package var sentence: String

  package struct DemandView: Hashable, Sendable {
    package var key: UInt32
    package var resources: Resources
    package var constraints: [AttributeConstraint]
    /// Not yet accepted for.
    package var count: Int
    package var offered: Int
    /// Offers that came to nothing, one after the other.
    package var declines: Int
    /// It has no turn for so long.
    package var rests: TimeSpan

    package init(
      key: UInt32,
      resources: Resources,
      constraints: [AttributeConstraint] = [],
      count: Int,
      offered: Int,
      declines: Int,
      rests: TimeSpan
    ) {
      self.key = key
      self.resources = resources
      self.constraints = constraints
      self.count = count
      self.offered = offered
      self.declines = declines
      self.rests = rests
    }
  }

  package init(
    info: FrameworkInfo,
    state: State,
    leaves: TimeSpan = .zero,
    used: Resources = .zero,
    offered: Resources = .zero,
    share: Double = 0,
    fairShare: Double = 0,
    demands: [DemandView] = [],
    job: JobProgress,
    code: Code,
    sentence: String
  ) {
    self.info = info
    self.state = state
    self.leaves = leaves
    self.used = used
    self.offered = offered
    self.share = share
    self.fairShare = fairShare
    self.demands = demands
    self.job = job
    self.code = code
    self.sentence = sentence
  }
}

/// An offer that is not answered yet, as users see it.
package struct OfferView: Hashable, Sendable {
  package var id: OfferID
  package var framework: JobID
  package var role: String
  package var rack: String
  package var resources: Resources
  package var count: Int
  package var age: TimeSpan
  /// It is void after so long.
  package var expires: TimeSpan

  package init(
    id: OfferID,
    framework: JobID,
    role: String,
    rack: String,
    resources: Resources,
    count: Int,
    age: TimeSpan,
    expires: TimeSpan
  ) {
    self.id = id
    self.framework = framework
    self.role = role
    self.rack = rack
    self.resources = resources
    self.count = count
    self.age = age
    self.expires = expires
  }
}

/// A role as users see it.
package struct RoleView: Hashable, Sendable {
  package var role: Role
  /// How many are there.
  package var frameworks: Int
  package var used: Resources
  package var offered: Resources
  /// Dominant, of what its frameworks have and are offered.
  package var share: Double
  /// What it is due by its weight and all demand.
  package var fairShare: Double
  package var history: ShareHistory
  /// `nil` where it has what it is due, or wants nothing more.
  package var blocked: BlockedShape?
  /// Of its tasks.
  package var wasted: WastedWork

  package init(
    role: Role,
    frameworks: Int = 0,
    used: Resources = .zero,
    offered: Resources = .zero,
    share: Double = 0,
    fairShare: Double = 0,
    history: ShareHistory = ShareHistory(),
    blocked: BlockedShape? = nil,
    wasted: WastedWork = WastedWork()
  ) {
    self.role = role
    self.frameworks = frameworks
    self.used = used
    self.offered = offered
    self.share = share
    self.fairShare = fairShare
    self.history = history
    self.blocked = blocked
    self.wasted = wasted
  }
}
