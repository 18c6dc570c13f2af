import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

private let room = Resources(cpuMillis: 4_000)

@Suite("Master core: watches, follows and questions") struct MasterWatchTests {
  var master = MasterStory()

  init() {
    master.connect()
    _ = master.place("n1")
    master.turn(.submitted(master.request(), .of(2)))
    master.offer(room)
  }

  private var progress: [JobProgress] {
    master.told.compactMap { if case .progress(_, let progress) = $0 { progress } else { nil } }
  }

  private var views: [TaskView] {
    master.told.compactMap { if case .followed(_, let view, _) = $0 { view } else { nil } }
  }

  mutating func end(_ task: Int) { master.report { [end = master.end(task)] in $0.ends = [end] } }

  @Test mutating func `a watcher is told at once, then not too often, and of the end at once`() {
    let request = master.request()
    master.turn(.watchOpened(request, [JobID("j")]))
    #expect(progress.map(\.counts.pending) == [2])
    end(1)
    #expect(progress == [])
    #expect(master.core.nextDeadline == Instant(microseconds: 1_100_000))
    master.time = 1_100
    master.turn()
    #expect(progress.map(\.counts.ended) == [1])
    end(2)
    #expect(progress.map(\.shown) == ["completed"])
    #expect(master.told.last == .watchEnded(request, nil))
    #expect(master.core.nextDeadline == nil)
  }

  @Test mutating func `a watch of what has ended ends with it`() {
    end(1)
    end(2)
    master.turn(.watchOpened(master.request(), [JobID("j")]))
    #expect(progress.map(\.counts.ended) == [2])
    #expect(master.told.count == 2)
  }

  @Test mutating func `when the last watcher has gone nothing is waited for`() {
    let request = master.request()
    master.turn(.watchOpened(request, [JobID("j")]))
    end(1)
    master.turn(.closed(request))
    master.time = 1_100
    master.turn()
    #expect(master.core.nextDeadline == nil)
  }

  @Test mutating func `a follower is told now, at each start, loss and end, and then no more`() {
    master.turn(.followOpened(master.request(), TaskSelector(job: "j", task: "t0")))
    #expect(views.map(\.state) == [.assigned])
    master.report { [start = master.start(1)] in $0.started = [start] }
    #expect(views.map(\.state) == [.running])
    master.report { [lost = master.lost(1)] in $0.lost = [lost] }
    // Lost, and by the end of the turn assigned again: there is room.
    #expect(views.map(\.state) == [.assigned])
    #expect(views.map(\.attempts) == [2])
    master.report { [start = master.start(1), end = master.end(1)] in
      $0.started = [start]
      $0.ends = [end]
    }
    #expect(views.map(\.state) == [.succeeded])
    end(2)
    #expect(master.told == [])
  }

  @Test mutating func `unknown jobs are said to be so`() {
    master.turn(.watchOpened(master.request(), [JobID("other")]))
    #expect(master.told.count == 1)
    master.turn(.followOpened(master.request(), TaskSelector(job: "j")))
    guard case .followRefused(_, let refusal)? = master.told.first else {
      Issue.record("\(master.told)")
      return
    }
    #expect(refusal.code == .invalid)
  }

  @Test mutating func `tasks are listed by pages, and by state`() {
    func page(_ filter: Query.TaskFilter) -> ([String], UInt64) {
      master.turn(.asked(master.request(), .tasks(filter)))
      guard case .answered(_, .tasks(let views, let next))? = master.told.first else { return ([], 0) }
      return (views.map(\.name), next)
    }
    end(1)
    #expect(page(Query.TaskFilter(what: TaskSelector(job: "j"), limit: 1)) == (["t0"], 1))
    #expect(page(Query.TaskFilter(what: TaskSelector(job: "j"), after: 1, limit: 1)) == (["t1"], 0))
    #expect(page(Query.TaskFilter(what: TaskSelector(job: "j", state: "completed"))) == (["t0"], 0))
  }
}
