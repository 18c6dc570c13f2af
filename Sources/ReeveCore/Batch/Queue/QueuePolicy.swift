package import ReeveModel

/// Who goes next among ready tasks. Never *where*: that is the rack's.
package protocol QueuePolicy: Sendable {
  /// What users write.
  static var name: String { get }
  /// Smaller goes first; equal ranks go by task number. A pure function of its arguments.
  func rank(of task: TaskNumber) -> UInt64
}

/// First come, first served: by submission, and within a job by the order in which its tasks were given. A task that comes
/// back, or becomes ready late, goes where it would have stood from the start.
package struct FirstComeFirstServed: QueuePolicy {
  package static let name = "fcfs"
  package init() {}
  @inline(__always) package func rank(of task: TaskNumber) -> UInt64 { task.rawValue }
}
