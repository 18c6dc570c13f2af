import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Backfilling") struct PoolTests {
  /// Tasks in the order of their submission, each by what it asks for and the seconds that it may run; when they start.
  private static func starts(_ overtaking: Overtaking, _ total: Resources, _ tasks: (Resources, Int64)...)
    -> [Int64]
  {
    var queue = BatchFramework()
    queue.begin(PolicySetting(.fcfs), overtaking: overtaking)
    var pool = Pool(total, overtaking: overtaking)
    for (i, task) in tasks.enumerated() {
      let run = ReadyRun(rank: 0, first: TaskNumber(UInt64(i) + 1), job: JobNumber(1))
      queue.add(run, shape: queue.number(of: Shape(task.0)), of: UserNumber(1), limit: .seconds(task.1))
    }
    var starts = Array(repeating: Int64(-1), count: tasks.count)
    for second in 0...1_000 as ClosedRange<Int64> {
      for (i, task) in tasks.enumerated() where starts[i] >= 0 && starts[i] + task.1 == second {
        pool.end(task.0, planned: Instant(microseconds: second * 1_000_000))
      }
      let now = Instant(microseconds: second * 1_000_000)
      for task in pool.pass(over: &queue, at: now, place: { _ in true }) {
        starts[task.index - 1] = second
      }
    }
    return starts
  }

  @Test func `strictly, the first that does not fit keeps all others waiting`() {
    #expect(Self.starts(.never, .cores(4), (.cores(3), 10), (.cores(4), 10), (.cores(1), 5)) == [0, 10, 20])
  }

  @Test func `whoever is over in time passes, to the very instant and not beyond`() {
    #expect(
      Self.starts(.backfill, .cores(4), (.cores(3), 10), (.cores(4), 10), (.cores(1), 10)) == [0, 10, 0]
    )
    #expect(
      Self.starts(.backfill, .cores(4), (.cores(3), 10), (.cores(4), 10), (.cores(1), 11)) == [0, 10, 20]
    )
    #expect(Self.starts(.always, .cores(4), (.cores(3), 10), (.cores(4), 10), (.cores(1), 11)) == [0, 11, 0])
  }

  @Test func `whoever fits beside it passes, as long as there is something to spare`() {
    let starts = Self.starts(
      .backfill,
      .cores(10),
      (.cores(6), 100),
      (.cores(8), 50),
      (.cores(2), 200),
      (.cores(2), 200),
      (.cores(2), 50)
    )
    #expect(starts == [0, 100, 0, 150, 0])
  }

  @Test func `what is to spare is so in every resource`() {
    let total = Resources.cores(8, memory: 8)
    let wide = Resources.cores(4, memory: 8)
    // Cores are to spare beside the second, memory is not.
    #expect(
      Self.starts(.backfill, total, (.cores(1, memory: 1), 10), (wide, 10), (.cores(1, memory: 1), 20)) == [
        0, 10, 20,
      ]
    )
    #expect(
      Self.starts(.backfill, total, (.cores(1, memory: 1), 10), (wide, 10), (.cores(1), 20)) == [0, 10, 0]
    )
  }

  @Test func `a reservation counts all that end at its time`() {
    var planned = PlannedEnds()
    for seconds in [5, 9, 5] as [Int64] {
      planned.add(.cores(2), at: Instant(microseconds: seconds * 1_000_000))
    }
    let start = Instant(microseconds: 5_000_000)
    #expect(planned.reservation(for: .cores(2), free: .zero) == Reservation(start: start, spare: .cores(2)))
    planned.remove(.cores(2), at: start)
    #expect(planned.reservation(for: .cores(2), free: .zero) == Reservation(start: start, spare: .zero))
    #expect(planned.reservation(for: .cores(5), free: .zero) == nil)
  }
}
