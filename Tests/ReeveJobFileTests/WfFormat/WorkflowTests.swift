import ReeveJobFile
import ReeveModel
import Testing

@Suite("Workflows: WfFormat as it is written") struct WorkflowTests {
  private func read(_ text: String) throws -> Workflow { try readWorkflow(Array(text.utf8)) }

  private let planned = """
    {"name": "w", "schemaVersion": "1.5", "extra": [1], "workflow": {
      "specification": {
        "tasks": [{"id": "b1", "name": "same", "parents": ["a1"], "children": [], "inputFiles": ["f"], "outputFiles": ["g", "h"]},
                  {"id": "a1", "name": "same", "parents": [], "children": ["c1"], "outputFiles": ["f"]},
                  {"id": "c1", "name": "c", "parents": []}],
        "files": [{"id": "f", "sizeInBytes": 10}, {"id": "g", "sizeInBytes": 0}]},
      "execution": {"tasks": [{"id": "c1", "runtimeInSeconds": -0.5},
                              {"id": "a1", "runtimeInSeconds": 2.5, "coreCount": 2.5, "memoryInBytes": 1000}]}}}
    """

  @Test func `plan and execution are joined by id, and edges of either side count`() throws {
    let file = Workflow.File(id: "f", size: 10)
    let workflow = try read(planned)
    #expect(workflow.name == "w")
    #expect(
      workflow.tasks == [
        .init(
          id: "b1",
          name: "same",
          runtime: 0,
          coreCount: nil,
          memory: nil,
          parents: [1],
          inputs: [file],
          outputs: [.init(id: "g", size: 0), .init(id: "h", size: 0)]
        ),
        .init(
          id: "a1",
          name: "same",
          runtime: 2.5,
          coreCount: 3,
          memory: 1_000,
          parents: [],
          inputs: [],
          outputs: [file]
        ),
        .init(
          id: "c1",
          name: "c",
          runtime: 0,
          coreCount: nil,
          memory: nil,
          parents: [1],
          inputs: [],
          outputs: []
        ),
      ]
    )
  }

  @Test func `in the flat list edges name names, and old keys count`() throws {
    let workflow = try read(
      """
      {"workflow": {"tasks": [
        {"name": "b_2", "id": "a_1", "runtime": 3, "cores": 2, "memory": 14, "parents": ["a_1"],
         "files": [{"link": "input", "name": "x", "size": 3}, {"link": "output", "name": "y", "sizeInBytes": 4}]},
        {"name": "a_1", "id": "ID2", "runtimeInSeconds": 2, "children": ["b_2", "ID3"]},
        {"name": "c", "id": "ID3"}]}}
      """
    )
    // The edges name a task `a_1`, which is also the id of another: in this schema names go first.
    #expect(workflow.tasks.map(\.parents) == [[1], [], [1]])
    #expect(
      workflow.tasks[0]
        == .init(
          id: "a_1",
          name: "b_2",
          runtime: 3,
          coreCount: 2,
          memory: 14_000,
          parents: [1],
          inputs: [.init(id: "x", size: 3)],
          outputs: [.init(id: "y", size: 4)]
        )
    )
  }

  @Test(
    arguments: [
      ("{}", "line 1, column 1: a WfFormat file has an object \"workflow\"; this has none."),
      (
        #"{"workflow": {}}"#, "line 1, column 14: the workflow has neither a \"specification\" nor \"tasks\"."
      ),
      (#"{"workflow": {"tasks": [{}]}}"#, "line 1, column 25: an object with a \"name\" is wanted here."),
      (#"{"workflow": {"tasks": 1}}"#, "line 1, column 24: a list is wanted here."),
      (
        #"{"workflow": {"tasks": [{"name": 1}]}}"#,
        "line 1, column 34: \"name\" wants a string in quotes here."
      ),
      (
        #"{"workflow": {"tasks": [{"name": "a"}, {"name": "a"}]}}"#,
        "line 1, column 40: the task \"a\" comes twice. Ids are unique."
      ),
      (
        #"{"workflow": {"tasks": [{"name": "first"}, {"name": "b", "parents": ["frist"]}]}}"#,
        "line 1, column 70: \"frist\" is no task of this workflow. Did you mean \"first\"?"
      ),
      (
        #"{"workflow": {"tasks": [{"name": "a", "runtime": "1"}]}}"#,
        "line 1, column 50: \"runtime\" is no number."
      ),
      (
        #"{"workflow": {"tasks": [{"name": "a", "runtime": 1e99}]}}"#,
        "line 1, column 50: a run time of 1e99 s is more than ten years."
      ),
      (
        #"{"workflow": {"tasks": [{"name": "a", "cores": 1e9}]}}"#,
        "line 1, column 48: 1e9 cores are more than a million."
      ),
    ] as [(String, String)]
  )
  func `what is no workflow is refused with its place`(text: String, message: String) throws {
    let refusal = try #require(throws: Refusal.self) { try read(text) }
    #expect(refusal.message == message)
  }

  @Test func `a name that two tasks have leads to neither`() throws {
    let refusal = try #require(throws: Refusal.self) {
      try read(
        #"{"workflow": {"tasks": [{"name": "a", "id": "1"}, {"name": "a", "id": "2"}, {"name": "b", "parents": ["a"]}]}}"#
      )
    }
    #expect(refusal.code == .unknownDependency)
  }
}

@Suite("Workflows as jobs") struct WorkflowJobTests {
  private func job(
    _ tasks: [Workflow.Task],
    time: Double = 1,
    data: Double = 1,
    coreLimit: Int? = nil
  ) throws -> JobSpec {
    try jobSpec(
      from: Workflow(name: "w", tasks: tasks),
      options: WorkflowOptions(
        timeScale: time,
        dataScale: data,
        burner: ["reeve", "workflow", "task"],
        coreLimit: coreLimit
      )
    )
  }

  private func task(
    _ id: String,
    runtime: Double = 0,
    cores: Int? = nil,
    parents: [Int] = [],
    outputs: [Int64] = []
  ) -> Workflow.Task {
    .init(
      id: id,
      name: id,
      runtime: runtime,
      coreCount: cores,
      memory: nil,
      parents: parents,
      inputs: [],
      outputs: outputs.map { .init(id: "f", size: $0) }
    )
  }

  @Test func `a task burns its time and writes its files, scaled`() throws {
    let one = task("a", runtime: 12.3, outputs: [1_000, 0, 1])
    #expect(
      try job([one]).command(0)
        == ["reeve", "workflow", "task", "--cpu", "12.3", "--write", "1000", "--write", "0", "--write", "1"]
    )
    #expect(
      try job([one], time: 0.001, data: 0.01).command(0)
        == ["reeve", "workflow", "task", "--cpu", "0.0123", "--write", "10", "--write", "0", "--write", "1"]
    )
    #expect(try job([one], data: 0).command(0) == ["reeve", "workflow", "task", "--cpu", "12.3"])
    #expect(try job([one], time: 0, data: 0).command(0) == ["/bin/true"])
    #expect(try job([task("a")]).command(0) == ["/bin/true"])
    #expect(try job([task("a", runtime: 1e-6)]).command(0).last == "0.000001")
    #expect(try job([task("a", runtime: 1e-9)]).command(0) == ["/bin/true"])
    #expect(try job([task("a", runtime: 3e8)]).command(0).last == "300000000")
  }

  @Test func `sizes are exact when they are not scaled`() throws {
    #expect(try job([task("a", outputs: [(1 << 60) - 1])]).command(0).last == "1152921504606846975")
  }

  @Test func `a task asks for its cores, up to the limit, and a constant of memory`() throws {
    let tasks = [
      task("a", runtime: 1), task("b", runtime: 1, cores: 16),
      task("c", runtime: 1, cores: 1, parents: [0, 1]),
    ]
    let free = try job(tasks)
    #expect(free.templates.map(\.resources.cpuMillis) == [1_000, 16_000] && free.taskTemplates == [0, 1, 0])
    #expect(free.templates.allSatisfy { $0.resources.memory == 64 << 20 })
    #expect(free.dependencies == [0, 1] && free.dependencyEnds == [0, 0, 2])
    #expect(try job(tasks, coreLimit: 4).templates.map(\.resources.cpuMillis) == [1_000, 4_000])
  }

  @Test func `every id becomes a name that is valid, and two ids never the same`() throws {
    let long = String(repeating: "x", count: 300)
    let ids = [
      "a", "a b", "a/b", "a%2Fb", "é", ".", "..", "%2E", "", long, long + "y", "\u{1}", "NFCORE_A.B (x)",
    ]
    let names = try job(ids.map { task($0) }).taskNames.strings
    #expect(names.allSatisfy { TaskName.isValid($0) })
    #expect(Set(names).count == ids.count)
    #expect(
      Array(names.prefix(9)) == ["a", "a%20b", "a%2Fb", "a%252Fb", "%C3%A9", "%2E", "%2E%2E", "%252E", "%~8"]
    )
    #expect(names[9].utf8.count == 256 && names[9].hasSuffix("x%~9"))
  }

  @Test(arguments: [-1, .nan, .infinity] as [Double])
  func `a scale that is none is refused`(scale: Double) throws {
    for (time, data, field) in [(scale, 1, "time-scale"), (1, scale, "data-scale")] {
      let refusal = try #require(throws: Refusal.self) { try job([task("a")], time: time, data: data) }
      #expect(refusal.field == field && refusal.message.hasPrefix("\(scale) is no scale."))
    }
  }

  @Test func `a scale that makes too much of a task is refused`() throws {
    #expect(throws: Refusal.self) { try job([task("a", runtime: 1)], time: 1e12) }
    #expect(throws: Refusal.self) { try job([task("a", outputs: [1 << 40])], data: 1e12) }
    #expect(throws: Refusal.self) { try job([task("a")], coreLimit: 0) }
  }
}
