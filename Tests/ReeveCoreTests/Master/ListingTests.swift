import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master: lists of tasks, page by page") struct ListingTests {
  private var master = MasterStory()

  private mutating func page(_ filter: Query.TaskFilter) -> (names: [String], next: UInt64) {
    master.turn(.asked(master.request(), .tasks(filter)))
    guard case .answered(_, .tasks(let views, let next))? = master.told.first else { return ([], 0) }
    return (views.map { "\($0.job)/\($0.name)" }, next)
  }

  /// All pages from the first on; `meanwhile` is called after each but the last.
  private mutating func pages(
    _ what: TaskSelector,
    limit: Int,
    meanwhile: (inout MasterStory) -> Void = { _ in }
  ) -> [[String]] {
    var filter = Query.TaskFilter(what: what, limit: limit)
    var pages: [[String]] = []
    repeat {
      let page = page(filter)
      pages.append(page.names)
      filter.after = page.next
      if page.next != 0 { meanwhile(&master) }
    } while filter.after != 0
    return pages
  }

  private static func array(_ count: Int, id: String) throws -> JobSpec {
    var spec = JobSpec.of(1, id: id)
    spec.arrays = [TaskArray(entry: 0, runs: [TaskArray.IndexRun(first: 0, count: UInt32(count))])]
    try spec.validate()
    return spec
  }

  @Test mutating func `a page goes on where the one before ended, whatever has ended in between`() {
    master.submit(.of(6))
    let pages = pages(TaskSelector(job: "j", state: "pending"), limit: 2) { master in
      // Both what was shown and what comes next.
      master.order(.cancel, "j/t0", "j/t2")
    }
    #expect(pages == [["j/t0", "j/t1"], ["j/t3", "j/t4"], ["j/t5"]])
  }

  @Test mutating func `pages run from job to job, by user and by label`() {
    for (id, user) in [("a", "ann"), ("b", "bob"), ("c", "ann")] {
      var spec = JobSpec.of(3, id: id)
      spec.user = user
      spec.templates[0].labels = id == "c" ? [TaskTemplate.Variable(name: "k", value: "v")] : []
      master.submit(spec)
    }
    #expect(pages(TaskSelector(job: ""), limit: 4).map(\.count) == [4, 4, 1])
    #expect(
      pages(TaskSelector(job: "", user: "ann"), limit: 4)
        == [["a/t0", "a/t1", "a/t2", "c/t0"], ["c/t1", "c/t2"]]
    )
    let label = TaskTemplate.Variable(name: "k", value: "v")
    #expect(pages(TaskSelector(job: "", label: label), limit: 3) == [["c/t0", "c/t1", "c/t2"]])
    #expect(pages(TaskSelector(job: "b", user: "ann"), limit: 3) == [[]])
  }

  @Test mutating func `a selection of elements is listed across its gaps`() throws {
    master.submit(try Self.array(10, id: "a"))
    let what = TaskSelector(job: "a.1-2,7,9")
    #expect(pages(what, limit: 2) == [["a/t0.1", "a/t0.2"], ["a/t0.7", "a/t0.9"]])
    #expect(pages(what, limit: 3) == [["a/t0.1", "a/t0.2", "a/t0.7"], ["a/t0.9"]])
  }

  @Test
  mutating func `one question looks at so many tasks, and gets so many, and the rest comes with the next`()
    throws
  {
    master.submit(try Self.array(120_000, id: "large"))
    master.submit(.of(1, id: "small"))
    #expect(page(Query.TaskFilter(what: TaskSelector(job: ""), limit: 1_000_000)).names.count == 5_000)
    #expect(pages(TaskSelector(job: "large", state: "failed"), limit: 10) == [[], [], []])
    master.order(.cancel, "large/t0.119999")
    let cancelled = pages(TaskSelector(job: "", state: "cancelled"), limit: 10)
    #expect(cancelled == [[], [], ["large/t0.119999"]])
  }

  @Test mutating func `a label is of a whole array, and of what stands in several parts`() {
    var spec = JobSpec.of(4)
    spec.templates.append(spec.templates[0])
    spec.templates[1].labels = [TaskTemplate.Variable(name: "k", value: "v")]
    spec.taskTemplates = [0, 1, 1, 0]
    spec.arrays = [1, 3].map { TaskArray(entry: $0, runs: [TaskArray.IndexRun(first: 0, count: 3)]) }
    master.submit(spec)
    var what = TaskSelector(job: "", label: spec.templates[1].labels[0])
    #expect(pages(what, limit: 2) == [["j/t1.0", "j/t1.1"], ["j/t1.2", "j/t2"]])
    (what.job, what.task) = ("j", "t1.1-2")
    #expect(pages(what, limit: 9) == [["j/t1.1", "j/t1.2"]])
    what.task = "t3"
    #expect(pages(what, limit: 9) == [[]])
  }

  @Test mutating func `jobs without a label are passed over, however many tasks they have`() throws {
    master.submit(try Self.array(120_000, id: "large"))
    var spec = JobSpec.of(1, id: "small")
    spec.templates[0].labels = [TaskTemplate.Variable(name: "k", value: "v")]
    master.submit(spec)
    let what = TaskSelector(job: "", label: spec.templates[0].labels[0])
    #expect(pages(what, limit: 9) == [["small/t0"]])
  }

  @Test mutating func `the queue is looked through so far, whatever is held`() throws {
    master.submit(try Self.array(120_000, id: "large"))
    master.order(.hold, "large.0-99998")
    master.turn(.asked(master.request(), .queue(limit: 10)))
    guard case .answered(_, .tasks(let views, _))? = master.told.first else {
      Issue.record("\(master.told)")
      return
    }
    #expect(views.map(\.name) == ["t0.99999"])
  }

  @Test mutating func `a page ends where its tasks have much to say`() {
    var spec = JobSpec.of(0)
    let names = (0..<250).map { "\($0)-" + String(repeating: "x", count: 4_000) }
    spec.templates = (0..<10).map { TaskTemplate(command: ["run"], inputs: ["\($0)"] + names) }
    for i in 0..<10 { spec.append(name: "t\(i)", template: i, arguments: [], after: []) }
    master.submit(spec)
    let all = (0..<10).map { "j/t\($0)" }
    let pages = pages(TaskSelector(job: ""), limit: 1_000)
    #expect(pages.map(\.count) == [3, 3, 3, 1] && pages.flatMap { $0 } == all)
    // What tasks of one template have in common is said once.
    var alike = spec
    (alike.id, alike.templates) = (JobID("k"), [spec.templates[0]])
    alike.taskTemplates = Array(repeating: 0, count: 10)
    master.submit(alike)
    #expect(page(Query.TaskFilter(what: TaskSelector(job: "k"))).names.count == 10)
  }

  @Test mutating func `unknown jobs and tasks are refused on any page`() {
    master.submit(.of(1))
    for (job, task) in [("other", nil), ("j", "t7")] as [(String, String?)] {
      let filter = Query.TaskFilter(what: TaskSelector(job: job, task: task), after: 1)
      master.turn(.asked(master.request(), .tasks(filter)))
      guard case .answered(_, .refused(let refusal))? = master.told.first else {
        Issue.record("\(master.told)")
        continue
      }
      #expect(refusal.code == .notFound)
    }
  }
}
