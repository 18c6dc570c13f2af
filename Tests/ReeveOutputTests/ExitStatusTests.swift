import ReeveModel
import ReeveOutput
import Testing

@Suite("Exit statuses") struct ExitStatusTests {
  @Test(arguments: Refusal.Code.allCases)
  func `every refusal has one of the documented ones`(code: Refusal.Code) {
    let expected: Int32 =
      switch code {
      case .syntax: 2
      case .notFound: 4
      case .denied: 5
      case .unavailable: 6
      default: 3
      }
    #expect(ExitStatus.of(Refusal(code, "")) == expected)
  }

  @Test(
    arguments: [
      (TaskState.succeeded, FailureReason.none, Int32(0), Int32(0)), (.failed, .exitCode, 7, 7),
      (.failed, .exitCode, 255, 255), (.failed, .signal, -9, 137), (.failed, .timedOut, -15, 143),
      // A program that answers TERM by exiting 0 has not succeeded.
      (.failed, .timedOut, 0, 143), (.cancelled, .cancelled, 0, 143), (.failed, .outOfMemory, -9, 137),
      (.failed, .couldNotStart, 0, 125), (.failed, .couldNotStart, 125, 125),
      // As shells say that there is no such program, or that it is none.
      (.failed, .couldNotStart, 127, 127), (.failed, .couldNotStart, 126, 126), (.failed, .nodeLost, 0, 125),
      (.failed, .dependencyFailed, 0, 125),
      (.failed, .exitUnknown, 0, 125),
    ] as [(TaskState, FailureReason, Int32, Int32)]
  )
  func `one task gives its own`(state: TaskState, reason: FailureReason, status: Int32, expected: Int32) {
    #expect(ExitStatus.of(task: state, reason: reason, status: status) == expected)
  }

  @Test func `a job of one task gives that task's`() {
    #expect(ExitStatus.of([job(.failed, 1, reason: .exitCode, status: 7)]) == 7)
    #expect(ExitStatus.of([job(.succeeded, 1)]) == 0)
  }

  @Test func `many tasks give 1 unless all completed`() {
    #expect(ExitStatus.of([job(.succeeded, 5)]) == 0)
    #expect(ExitStatus.of([job(.succeeded, 1), job(.failed, 1, reason: .exitCode, status: 7)]) == 1)
    #expect(ExitStatus.of([job(.cancelled, 2, reason: .cancelled)]) == 1)
  }

  private func job(
    _ state: TaskState,
    _ count: Int,
    reason: FailureReason = .none,
    status: Int32 = 0
  ) -> JobProgress {
    var counts = TaskCounts()
    counts[state] = count
    return JobProgress(
      id: JobID("j"),
      ended: WallTime(microseconds: 1),
      counts: counts,
      reason: reason,
      status: status
    )
  }
}
