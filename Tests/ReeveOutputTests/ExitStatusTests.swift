import ReeveModel
import ReeveOutput
import Testing

@Suite("Exit codes") struct ExitStatusTests {
  @Test(
    arguments: [
      (.exitCode, 7, 7), (.signal, -9, 137), (.timedOut, 0, 143), (.timedOut, -15, 143), (.cancelled, 3, 3),
      (.couldNotStart, 127, 127), (.couldNotStart, 126, 126), (.couldNotStart, 125, 125),
      (.couldNotStart, 0, 125),
      (.nodeLost, 0, 125), (.dependencyFailed, 0, 125), (.exitUnknown, 0, 125),
    ] as [(FailureReason, Int32, Int32)]
  )
  func `a wait for one task ends as shells would say it`(reason: FailureReason, status: Int32, code: Int32) {
    #expect(ExitStatus.of(task: .failed, reason: reason, status: status) == code)
    #expect(ExitStatus.of(task: .succeeded, reason: .none, status: 0) == 0)
  }
}
