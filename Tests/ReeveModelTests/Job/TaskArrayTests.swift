import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Arrays") struct TaskArrayTests {
  private func array(_ text: String) throws -> TaskArray {
    let (runs, parallel) = try TaskArray.parse(text, field: "array")
    return TaskArray(entry: 0, runs: runs, parallel: parallel)
  }

  @Test(
    arguments: [
      ("0-9", Array(0...9), 0), ("5", [5], 0), ("1-100:33", [1, 34, 67, 100], 0),
      ("1,3,10-12", [1, 3, 10, 11, 12], 0),
      ("10-12,1", [1, 10, 11, 12], 0), ("0-4%2", [0, 1, 2, 3, 4], 2), ("7-7", [7], 0),
    ] as [(String, [UInt32], UInt32)]
  )
  func `what people write is read`(_ text: String, _ indices: [UInt32], _ parallel: UInt32) throws {
    let array = try array(text)
    #expect((0..<array.count).map(array.index) == indices && array.parallel == parallel)
    for (element, index) in indices.enumerated() { #expect(array.element(ofIndex: index) == element) }
    for stranger in [UInt32(1_000), 2, 6] where !indices.contains(stranger) {
      #expect(array.element(ofIndex: stranger) == nil)
    }
    for low in [0, 1, 3, 11, 34] as [UInt32] {
      for high in [low, low + 5, 200] {
        let expected = indices.indices.filter { low...high ~= indices[$0] }
        #expect(Array(array.elements(within: low...high)) == Array(expected))
      }
    }
  }

  @Test(arguments: [
    "", "-", "a", "1-", "-1", "5-1", "1-5:0", "1:2", "1-5:", "1-5%", "1-5%0", "1-5%x", "1,,2", "1.5",
    "99999999999",
    "0-2000000001", "1 - 5", "0x5", "1-2-3",
  ])
  func `what is none is refused with what would be right`(_ text: String) {
    #expect { try array(text) } throws: { error in
      guard let refusal = error as? Refusal else { return false }
      return refusal.field == "array" && refusal.message.contains("0-999") && refusal.code == .invalid
    }
  }

  @Test func `bounds may be whatever fits`() {
    let array = TaskArray(entry: 0, runs: [.init(first: 3, step: 7, count: 4)])
    #expect(array.elements(within: 0...UInt32.max) == 0..<4)
    #expect(array.elements(within: UInt32.max...UInt32.max).isEmpty)
    #expect(array.element(ofIndex: .max) == nil)
    #expect(
      TaskArray(entry: 0, runs: [.init(first: 9, step: .max, count: 1)]).elements(within: 9...9) == 0..<1
    )
  }

  private func job(_ arrays: [TaskArray], names: [String] = ["a", "b", "c"]) -> JobSpec {
    var spec = JobSpec(id: JobID("j"))
    spec.templates = [TaskTemplate(command: ["run"])]
    for name in names { spec.append(name: name, template: 0, arguments: [], after: []) }
    spec.arrays = arrays
    return spec
  }

  @Test func `tasks have places in the order of their entries, and names by index`() {
    let arrays = [
      TaskArray(entry: 0, runs: [.init(first: 5, count: 2)]),
      TaskArray(entry: 2, runs: [.init(first: 0, step: 10, count: 3)]),
    ]
    let spec = job(arrays)
    let layout = TaskLayout(of: spec)
    #expect(layout.count == 6 && spec.count == 6)
    let names = (0..<6).map { spec.taskName(at: $0, layout) }
    #expect(names == ["a.5", "a.6", "b", "c.0", "c.10", "c.20"])
    #expect((0..<6).map { layout.entry(at: $0) } == [0, 0, 1, 2, 2, 2])
    #expect((0..<3).map { layout.places(ofEntry: $0) } == [0..<2, 2..<3, 3..<6])
    #expect((0..<6).map { layout.array(at: $0) } == [0, 0, nil, 1, 1, 1])
    for index in [nil, NameIndex(of: spec.taskNames)] {
      for (place, name) in names.enumerated() {
        #expect(spec.places(named: name, layout, index) == place..<place + 1)
      }
      #expect(spec.places(named: "c", layout, index) == 3..<6)
      for none in ["a.7", "a.05", "b.0", "d", "c.5", ""] {
        #expect(spec.places(named: none, layout, index) == nil)
      }
    }
  }

  @Test(arguments: [
    ([TaskArray(entry: 3, runs: [.init(first: 0, count: 1)])], "tasks"),
    (
      [
        TaskArray(entry: 1, runs: [.init(first: 0, count: 1)]),
        TaskArray(entry: 1, runs: [.init(first: 0, count: 1)]),
      ], "tasks"
    ),
    ([TaskArray(entry: 1, runs: [])], "tasks[1].array"),
    ([TaskArray(entry: 1, runs: [.init(first: 0, step: 0, count: 2)])], "tasks[1].array"),
    ([TaskArray(entry: 1, runs: [.init(first: 0, count: 5), .init(first: 4, count: 1)])], "tasks[1].array"),
    ([TaskArray(entry: 1, runs: [.init(first: .max, step: .max, count: 3)])], "tasks[1].array"),
    ([TaskArray(entry: 1, runs: [.init(first: 0, count: .max), .init(first: 0, count: .max)])], "tasks"),
    (
      [TaskArray(entry: 1, runs: [.init(first: 0, count: 2)], values: PackedStrings(["x"]))],
      "tasks[1].values"
    ),
    (
      [TaskArray(entry: 1, runs: [.init(first: 0, count: 1)], values: PackedStrings(["x\0"]))],
      "tasks[1].values"
    ),
  ])
  func `an array that is none is refused`(_ arrays: [TaskArray], _ field: String) {
    #expect { try job(arrays).validateContents() } throws: { ($0 as? Refusal)?.field == field }
  }

  @Test func `no task may have the name of another array's`() throws {
    let array = TaskArray(entry: 0, runs: [.init(first: 0, count: 5)])
    try job([array], names: ["a", "a.7", "a.x"]).validateContents()
    #expect { try job([array], names: ["a", "b", "a.3"]).validateContents() } throws: {
      ($0 as? Refusal)?.code == .duplicate
    }
  }

  @Test func `arrays wait for each other task by task only where they are as long`() throws {
    var spec = job([
      TaskArray(entry: 0, runs: [.init(first: 0, count: 5)]),
      TaskArray(entry: 2, runs: [.init(first: 7, count: 5)]),
    ])
    spec.appendDependency(0, DependencyKind(.ended, isEach: true))
    try spec.validateContents()
    spec.arrays[1].runs[0].count = 4
    #expect(throws: Refusal.self) { try spec.validateContents() }
    spec.arrays.removeLast()
    #expect(throws: Refusal.self) { try spec.validateContents() }
  }

  @Test func `an array may have as many tasks as a job, and one more is too many`() throws {
    for (count, isTaken) in [(UInt32(Limits.tasks), true), (UInt32(Limits.tasks) + 1, false)] {
      let spec = job([TaskArray(entry: 0, runs: [.init(first: 0, count: count)])], names: ["a"])
      #expect(((try? spec.validate()) != nil) == isTaken)
    }
  }
}
