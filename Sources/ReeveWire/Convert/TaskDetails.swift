import FoundationEssentials
import ReeveModel

extension Reeve_V1_TaskDetails {
  init(_ details: TaskView.Details, at place: UInt32) {
    self.init()
    self.place = place
    command = details.command
    environment = details.environment.map { Reeve_V1_Variable($0) }
    after = details.after
    guard let end = details.end else { return }
    message = end.message
    stdoutTail = Data(end.stdoutTail)
    stderrTail = Data(end.stderrTail)
  }
}

extension TaskView.Details {
  /// An end of which nothing is known is none.
  init(wire: Reeve_V1_TaskDetails) throws(WireError) {
    let end = try TaskEnd.Detail(
      message: wire.message,
      stdoutTail: wire.stdoutTail,
      stderrTail: wire.stderrTail
    )
    self.init(
      command: wire.command,
      environment: wire.environment.map { TaskTemplate.Variable(wire: $0) },
      after: wire.after,
      end: end == TaskEnd.Detail() ? nil : end
    )
  }
}
