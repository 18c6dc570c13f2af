package import ReeveModel

/// Who goes next among ready tasks. Never *where*: that is the rack's.
///
/// An order is strict: of two tasks one comes first, and always the same. A task that comes back, or becomes ready late, goes
/// where it would have stood from the start. Where the first does not fit now, a later one that does may pass it.
package protocol QueuePolicy: Sendable {
  static var order: QueueOrder { get }
  /// Smaller goes first; equal ranks go by task number, which is the order of submission. A pure function of its argument.
  func rank(of task: Candidate) -> Double
}

/// What an order may look at of a task that is ready.
package struct Candidate: Sendable {
  package var priority: Int32

  package init(priority: Int32 = 0) { self.priority = priority }
}

/// First come, first served.
package struct FirstComeFirstServed: QueuePolicy {
  package static let order = QueueOrder.fcfs
  package init() {}
  package func rank(of task: Candidate) -> Double { 0 }
}

/// The higher priority first; among equals first come, first served.
package struct HighestPriorityFirst: QueuePolicy {
  package static let order = QueueOrder.priority
  package init() {}
  package func rank(of task: Candidate) -> Double { -Double(task.priority) }
}

extension QueueOrder {
  package var policy: any QueuePolicy {
    switch self {
    case .fcfs: FirstComeFirstServed()
    case .priority: HighestPriorityFirst()
    }
  }
}
