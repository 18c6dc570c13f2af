import Foundation
import ReeveExecution
import ReeveModel

extension TaskEnd {
  /// The end of a process. An order that came before it gives the reason, whatever the exit code.
  init(_ process: ProcessEnd, tag: SpawnTag) {
    self.init(
      attempt: AttemptID(process.attempt),
      task: tag.task,
      node: tag.node,
      started: WallTime(microseconds: Int64(clamping: process.startedMicros)),
      ended: WallTime(microseconds: Int64(clamping: process.endedMicros)),
      usage: Usage(
        cpu: TimeSpan(microseconds: Int64(clamping: process.cpuMicros)),
        memoryPeak: Int64(clamping: process.peakBytes),
        readBytes: Int64(clamping: process.readBytes),
        writeBytes: Int64(clamping: process.writtenBytes)
      )
    )
    switch process.exit {
    case .code(let code):
      status = code
      reason = code == 0 ? .none : .exitCode
    case .signal(let signal):
      status = -signal
      reason = .signal
    }
    // The supervisor's own reason (its shutdown) is none of ours: the node goes away with its tasks.
    if process.reason != 0 { reason = FailureReason(rawValue: process.reason) ?? .nodeLost }
  }

  /// The end of what never became a program.
  init(_ failure: ProcessFailure, tag: SpawnTag) {
    let what =
      switch failure.step {
      case .slot: "Its sandbox could not be made"
      case .directory: "Its directory could not be entered"
      case .program: "Its program could not be started"
      case .fork: "The node could not make a process"
      }
    let now = WallTime(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
    self.init(
      attempt: AttemptID(failure.attempt),
      task: tag.task,
      node: tag.node,
      reason: .couldNotStart,
      status: failure.step == .program ? (failure.errno == ENOENT ? 127 : 126) : 125,
      started: now,
      ended: now,
      detail: Detail(message: "\(what): \(failure.message).")
    )
  }
}
