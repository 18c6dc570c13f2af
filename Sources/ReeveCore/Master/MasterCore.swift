package import ReeveModel

/// Decides who gets how much of which rack. No clock, randomness, I/O or concurrency.
///
/// Its durable half changes only by facts, which are recorded as they are applied: `replay` of the records gives the same
/// half again. The rest is told anew by racks and clients, or follows from the durable half.
package struct MasterCore: Core {
  package private(set) var durable: DurableState
  var racks = RackTable()
  var batch = BatchFramework()
  var watches = WatchTable()
  var waitingRoom = WaitingRoom()
  var accounts = FrameworkAccounts()
  var offers = OfferTable()
  var holds = HoldTable()
  var roleNumbers = RoleNumbers()
  var contentions = Contentions()
  var roleShares = ShareRecords()
  var userShares = ShareRecords()
  /// By role, as long as this leader has led.
  var wasted: [String: WastedWork] = [:]
  var sharedTemplates = SharedTemplates()
  /// Who shares the cluster, with nothing yet; `nil` when that has to be made anew.
  var members: RoleShares?
  /// Those for whom no rack had room when the allocator last ran.
  var contenders: Set<FrameworkNumber> = []
  /// Tasks that became ready, or stand elsewhere in the queue, and are not in it yet.
  var queued: [TaskRun] = []
  /// Where the policy looks at how long tasks run.
  var expectations = Expectations()
  private(set) var isLeading = false
  /// What is left of the disk is kept for ends and cancels: nothing new is taken, nothing more is assigned.
  private(set) var isDiskLow = false
  var clock = TurnClock()
  /// When the last turn ended: a deadline that has passed by then waits for an event.
  private(set) var decidedAt = Instant(microseconds: 0)
  let settings: Settings

  package struct Settings: Sendable {
    /// A task that has lost its node so often fails.
    package var lossesMax: UInt8 = 3
    /// Shapes that racks are asked about at one time.
    package var shapesMax = 32
    /// Progress of a job that goes on is told this often at most.
    package var progressInterval = TimeSpan.milliseconds(100)
    /// Runs of tasks that go into the queue in one turn; each takes about half a microsecond.
    package var piecesMax = 10_000
    /// A rack is asked back for waiting tasks this often at most.
    package var recallInterval = TimeSpan.milliseconds(100)
    /// Acknowledgements gather for so long, or until something else goes to the rack.
    package var acknowledgeWithin = TimeSpan.milliseconds(20)
    /// A rack that has been without a rack scheduler for so long goes to a spare.
    package var rackLostAfter = TimeSpan.seconds(3)
    /// So much longer after a take-over: whoever tried to reach the master before it was back may need that to try again.
    package var takeOverGrace = TimeSpan.seconds(7)
    /// A turn that comes so late shows that the master itself did not run.
    package var lateTurn = TimeSpan.seconds(1)
    /// An offer that is not answered is void after so long.
    package var offerExpiry = TimeSpan.seconds(30)
    /// One that others wait for is after so long.
    package var offerPatience = TimeSpan.seconds(1)
    /// A demand whose offer came to nothing rests for so long, and twice as long with each more of such, up to the second.
    package var declineRest = TimeSpan.milliseconds(100)
    package var declineRestMax = TimeSpan.seconds(5)
    /// Who is passed by for so long, though it is its turn, has room gathered for it.
    package var gatherAfter = TimeSpan.seconds(1)
    /// Room that was not gathered in so long is tried elsewhere.
    package var gatherMax = TimeSpan.seconds(600)
    /// So long after that, room for a role below its guarantee is taken from those above their share.
    package var reclaimAfter = TimeSpan.seconds(5)
    /// Racks come to be when nodes name them, up to so many.
    package var racksMax = 1_000
    /// Ended jobs are listed for so long where not all are asked for.
    package var recent = TimeSpan.seconds(3_600)
    package init() {}
  }

  /// - Parameters:
  ///   - settings: limits and intervals.
  ///   - durable: what a snapshot holds; `replay` gives it the facts that follow. All else is worked out from it when leading
  ///     begins.
  package init(settings: Settings = Settings(), restoring durable: DurableState = DurableState()) {
    self.settings = settings
    self.durable = durable
  }

  /// Applies what a journal holds, before `leading`.
  package mutating func replay(_ fact: Fact) {
    precondition(!isLeading, "replay into a core that decides")
    durable.apply(fact, queued: &queued)
    queued.removeAll(keepingCapacity: true)
  }

  package mutating func handle(_ event: MasterEvent, at now: Now, into effects: inout [MasterEffect]) {
    switch event {
    case .leading(let term): lead(term, at: now, into: &effects)
    case .rackConnected(let session, let hello): connect(hello, on: session, at: now, into: &effects)
    case .rackStated(let session, let report): hear(statement: report, on: session, at: now, into: &effects)
    case .rackReported(let session, let report): hear(report, on: session, at: now, into: &effects)
    case .rackDisconnected(let session):
      if let rack = racks.rack(of: session) { voidOffers(of: rack, into: &effects) }
      racks.close(session, at: now.boot)
    case .nodeLocated(let request, let node, let rack):
      locate(node, rack: rack, for: request, at: now, into: &effects)
    case .submitted(let request, let spec, let hasRoom):
      submit(spec, for: request, hasRoom: hasRoom, at: now, into: &effects)
    case .ordered(let request, let order, let what): obey(order, what, for: request, at: now, into: &effects)
    case .forgetRequested(let request, let node): forget(node, for: request, at: now, into: &effects)
    case .asked(let request, let query):
      enqueueReady(at: now)
      effects.append(.answered(request, answer(query, at: now)))
    case .watchOpened(let request, let jobs): openWatch(jobs, for: request, into: &effects)
    case .followOpened(let request, let what): openFollow(what, for: request, into: &effects)
    case .frameworkSubscribed(let session, let info): subscribe(info, on: session, at: now, into: &effects)
    case .frameworkSaid(let session, let number, let request):
      hear(request, number, on: session, at: now, into: &effects)
    case .frameworkDisconnected(let session): disconnectFramework(session, at: now.boot, into: &effects)
    case .diskChanged(let isLow): isDiskLow = isLow
    case .closed(let request): watches.close(request)
    }
  }

  package mutating func decide(at now: Now, into effects: inout [MasterEffect]) {
    guard isLeading else { return }
    giveAway(at: now, into: &effects)
    removeLeftFrameworks(at: now, into: &effects)
    enqueueReady(at: now)
    // Nothing is given out of a queue that has only a part of what is ready.
    if !isDiskLow, queued.isEmpty { allocate(at: now, into: &effects) }
    noteShares(at: now.boot)
    for rack in durable.roster.rackList { sendOrders(to: rack, at: now, into: &effects) }
    tellFrameworks(into: &effects)
    tellWatchers(at: now, into: &effects)
    decidedAt = now.boot
    clock.tick(at: now.boot, every: settings.lateTurn)
    clock.want(nextDeadline)
  }

  package var nextDeadline: Instant? {
    [
      watches.nextDeadline, recallDeadline, acknowledgeDeadline, waitingRoom.nextDeadline,
      (nextAdoption?.due).map(clock.step), frameworkDeadline, holdsDeadline,
      queued.isEmpty ? nil : decidedAt + .microseconds(1),
    ].compactMap { $0 }.filter { $0 > decidedAt }.min()
  }

  private var acknowledgeDeadline: Instant? {
    racks.links.lazy.filter(\.isStated).compactMap(\.acknowledgementsDue).min()
  }

  /// The only way in which the durable half changes while leading.
  mutating func commit(_ fact: Fact, into effects: inout [MasterEffect]) {
    let live = durable.frameworks.live.count
    durable.apply(fact, queued: &queued)
    if fact.changesSharing || durable.frameworks.live.count != live { members = nil }
    effects.append(.record(fact))
  }

  private mutating func lead(_ term: Term, at now: Now, into effects: inout [MasterEffect]) {
    commit(.termBegan(term), into: &effects)
    isLeading = true
    racks.grow(to: durable.roster.racks.count, awaySince: now.boot + settings.takeOverGrace)
    accounts.grow(to: durable.frameworks.rows.count, awaySince: now.boot + settings.takeOverGrace)
    closeJobsOfRemoved(at: now, into: &effects)
    noteUnacknowledged()
    takeUp(at: now)
    // An end and its train are one group of the journal, as far as they fit in one: what was left out is made up for.
    for i in durable.jobs.jobs.indices where durable.jobs.jobs[i].counts[.blocked] > 0 {
      callOffUnmeetable(in: JobNumber(UInt32(i) + 1), at: now.wall, into: &effects)
    }
  }
}
