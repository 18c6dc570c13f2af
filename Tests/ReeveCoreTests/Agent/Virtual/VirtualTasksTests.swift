import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Virtual tasks") struct VirtualTasksTests {
  private func begin(_ tasks: inout VirtualTasks, _ attempts: ClosedRange<UInt64>, at now: Now = .ms(0))
    -> [TaskEnd]
  {
    attempts.compactMap { tasks.start(AttemptID($0), of: TaskNumber($0), on: Int($0 % 3), at: now) }
  }

  @Test func `what takes no time ends where it starts`() {
    var tasks = VirtualTasks(.always(.zero))
    let ends = begin(&tasks, 1...5)
    #expect(ends.map(\.attempt) == (1...5).map { AttemptID($0) })
    #expect(
      ends.allSatisfy { $0.reason == .none && $0.status == 0 && $0.started == .ms(0) && $0.ended == .ms(0) }
    )
    #expect(tasks.count == 0 && tasks.nextDeadline == nil)
  }

  @Test func `what takes time ends after it, on its node`() {
    var tasks = VirtualTasks(.always(.milliseconds(10)))
    #expect(begin(&tasks, 1...2).isEmpty)
    #expect(begin(&tasks, 3...3, at: .ms(5)).isEmpty)
    #expect(tasks.nextDeadline == Now.ms(10).boot)
    #expect(tasks.takeEnded(at: .ms(9)).isEmpty)
    let first = tasks.takeEnded(at: .ms(10))
    #expect(first.map(\.end.attempt) == [1, 2] && first.map(\.node) == [1, 2])
    #expect(first.allSatisfy { $0.end.started == .ms(0) && $0.end.ended == .ms(10) })
    #expect(tasks.nextDeadline == Now.ms(15).boot)
    #expect(tasks.takeEnded(at: .ms(15)).map(\.end.attempt) == [3])
  }

  @Test func `an order ends it at once and gives the reason, once`() {
    var tasks = VirtualTasks(.always(.seconds(10)), failureRate: 1)
    _ = begin(&tasks, 1...1)
    let end = tasks.kill(1, .cancelled, at: .ms(3))
    #expect(end?.reason == .cancelled && end?.status == -15 && end?.ended == .ms(3))
    #expect(tasks.kill(1, .cancelled, at: .ms(4)) == nil)
    #expect(tasks.takeEnded(at: .ms(20_000)).isEmpty)
  }

  @Test func `many that are killed leave nothing to wait for`() {
    var tasks = VirtualTasks(.always(.seconds(10)))
    for attempt in 1...1_000 as ClosedRange<UInt64> {
      _ = begin(&tasks, attempt...attempt, at: .ms(Int64(attempt)))
      _ = tasks.kill(AttemptID(attempt), .cancelled, at: .ms(Int64(attempt)))
    }
    // The first of what is left behind is of the last hundred.
    #expect(tasks.nextDeadline.map { $0 >= Now.ms(10_900).boot } ?? true)
  }

  @Test func `so many fail as wanted, the same under the same seed and others under another`() {
    func failed(_ seed: UInt64) -> Set<AttemptID> {
      var tasks = VirtualTasks(.always(.zero), failureRate: 0.1, seed: seed)
      return Set(begin(&tasks, 1...10_000).filter { $0.reason == .exitCode && $0.status == 1 }.map(\.attempt))
    }
    let found = failed(1)
    #expect(abs(found.count - 1_000) < 100)
    #expect(found == failed(1))
    #expect(found.intersection(failed(2)).count < 200)
  }
}
