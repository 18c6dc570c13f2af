/// An amount of cpu, memory and disk.
public struct Resources: Hashable, Sendable {
  /// In cores: 0.5 is half of one.
  public var cpus: Double
  /// In bytes.
  public var memory: Int64
  /// In bytes.
  public var disk: Int64

  public init(cpus: Double, memory: Int64 = 64 << 20, disk: Int64 = 0) {
    self.cpus = cpus
    self.memory = memory
    self.disk = disk
  }
}

/// Who a framework is. The same id brings back what it had before.
public struct FrameworkOptions: Sendable {
  /// 1 to 64 letters, digits, `-`, `_`, `.`: also the job that its tasks are of.
  public var id: String
  /// For people; the id where it is empty.
  public var name = ""
  /// Roles share the cluster by their weights.
  public var role = "default"
  public var user = ""
  /// So long its tasks go on after its stream has ended; zero is not at all.
  public var failover = Duration.seconds(60)
  /// Where `REEVE_ADDRESS` and `REEVE_TOKEN_FILE` are looked up; `nil` is this process's own environment.
  public var environment: [String: String]?

  public init(id: String) { self.id = id }
}

/// What an attribute of a node must be. Every node has its name and its rack's as `node` and `rack`, and what its agent was
/// started with.
public struct Constraint: Hashable, Sendable {
  public var attribute: String
  public var values: [String]
  /// None of the values, instead of one of them; a node without the attribute meets it, too.
  public var isNegated: Bool

  public init(_ attribute: String, in values: [String]) {
    (self.attribute, self.values, isNegated) = (attribute, values, false)
  }

  public init(_ attribute: String, notIn values: [String]) {
    (self.attribute, self.values, isNegated) = (attribute, values, true)
  }
}

/// What a framework wants of one shape, beyond what it has accepted for.
public struct Demand: Hashable, Sendable {
  /// The framework's own name for it, which offers bear.
  public var key: UInt32
  public var shape: Resources
  public var count: Int
  /// Names of racks that are wanted first, and for how long only those.
  public var racks: [String]
  public var wait: Duration
  /// Each slice is one node's, which offers name: its rack sets it aside.
  public var pinned: Bool
  /// All must be met by a node. Tasks that are accepted for the demand run on such nodes only.
  public var constraints: [Constraint]

  public init(
    key: UInt32 = 0,
    shape: Resources,
    count: Int,
    racks: [String] = [],
    wait: Duration = .zero,
    constraints: [Constraint] = [],
    pinned: Bool = false
  ) {
    self.key = key
    self.shape = shape
    self.count = count
    self.racks = racks
    self.wait = wait
    self.pinned = pinned
    self.constraints = constraints
  }
}

/// Slices of one shape on one rack: one or several tasks go into each.
public struct Offer: Hashable, Sendable {
  public let id: UInt64
  /// Of the demand that it is for.
  public let key: UInt32
  public let shape: Resources
  public let count: Int
  public let rack: String
  /// Where the slices are, if that is settled; else the rack picks a node for each task.
  public let node: String?
  /// From when it was made.
  public let expires: Duration
}

/// A task for a slice.
public struct FrameworkTask: Hashable, Sendable {
  /// Unique within the framework for its whole life.
  public var id: String
  public var command: [String]
  public var environment: [String: String]
  public var resources: Resources
  /// The longest that it may run; `nil` is no limit.
  public var timeLimit: Duration?
  /// How often it is tried again by itself where it fails.
  public var retries: Int

  public init(
    id: String,
    command: [String],
    environment: [String: String] = [:],
    resources: Resources,
    timeLimit: Duration? = nil,
    retries: Int = 0
  ) {
    self.id = id
    self.command = command
    self.environment = environment
    self.resources = resources
    self.timeLimit = timeLimit
    self.retries = retries
  }
}

/// The latest of one task. Told at least once, until the framework has acknowledged it.
public struct TaskUpdate: Hashable, Sendable {
  public enum State: Sendable {
    /// The framework has no such task.
    case unknown
    /// Accepted; or it has come back, and is placed again by itself.
    case queued
    case assigned
    case running
    case succeeded
    case failed
    case cancelled

    public var isTerminal: Bool { self == .succeeded || self == .failed || self == .cancelled }
  }

  public let task: String
  public let state: State
  /// A code such as `out-of-memory`; empty where all is well.
  public let reason: String
  /// The exit code, or minus the signal.
  public let status: Int32
  /// Where it runs or ran; empty where it does not.
  public let node: String
}

/// What the master refused, or why there is no master to be reached.
public struct FrameworkError: Error, Hashable, Sendable, CustomStringConvertible {
  /// For programs: `conflict`, `too-large`, `unavailable` and the other codes of the command line.
  public let code: String
  /// What it is about; empty where it is about the whole.
  public let field: String
  /// For people.
  public let message: String

  public var description: String { field.isEmpty ? message : "\(field): \(message)" }
}
