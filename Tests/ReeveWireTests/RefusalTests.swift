import FoundationEssentials
import ReeveModel
import ReeveWire
import Testing

@Suite("Wire: what is refused, and in which words")
struct RefusalTests {
  @Test func `columns of different lengths`() {
    var wire = Reeve_V1_EndColumns(ends)
    wire.nodes.removeLast()
    #expect(refusal { try [TaskEnd](wire: wire) } == "nodes: 2 entries where the first column has 3")
    wire = Reeve_V1_EndColumns(ends)
    wire.readBytes = [1]
    #expect(refusal { try [TaskEnd](wire: wire) } == "read_bytes: 1 entries where the first column has 3")
  }

  @Test func `launches without a name each`() {
    var wire = launchColumns
    wire.names = Reeve_V1_PackedStrings(PackedStrings(["a"]))
    #expect(refusal { try LaunchBatch(wire: wire) } == "names: 1 entries where the first column has 2")
    wire = launchColumns
    wire.clearArguments()
    #expect(refusal { try LaunchBatch(wire: wire) } == "arguments: 0 entries where the first column has 2")
  }

  @Test func `ends that fall, or do not reach the end`() {
    var wire = launchColumns
    wire.names.ends = [2, 1]
    #expect(refusal { try LaunchBatch(wire: wire) } == "names.ends[1]: falls from 2 to 1")
    wire.names.ends = [1, 3]
    #expect(refusal { try LaunchBatch(wire: wire) } == "names.ends: the last is 3, and there are 2")
    wire = launchColumns
    wire.arguments.ends = [1, 9]
    #expect(refusal { try LaunchBatch(wire: wire) } == "arguments.ends: the last is 9, and there are 2")
  }

  @Test func `places that are out of range`() {
    var dice = Dice(seed: 1, isFull: true)
    let spec = dice.jobSpec()
    var wire = Reeve_V1_JobSpec(spec)
    wire.tasks.templates[2] = 99
    #expect(
      refusal { try JobSpec(wire: wire) }
        == "tasks.templates: place 99 is out of range: there are \(spec.templates.count)"
    )
    wire = Reeve_V1_JobSpec(spec)
    wire.tasks.dependencies[0] = 5
    #expect(refusal { try JobSpec(wire: wire) } == "tasks.dependencies: place 5 is out of range: there are 5")
  }

  @Test func `details of one end twice, or of none`() {
    var wire = Reeve_V1_EndColumns(ends)
    wire.details = [.init(), .init()]
    #expect(refusal { try [TaskEnd](wire: wire) } == "details[1].place: 0 is not between 1 and 2")
    wire.details[1].place = 3
    #expect(refusal { try [TaskEnd](wire: wire) } == "details[1].place: 3 is not between 1 and 2")
  }

  @Test func `columns of tasks that are damaged`() {
    let damages: [(String, (inout Reeve_V1_TaskViewColumns) -> Void)] = [
      ("states: 2 entries where the first column has 3", { $0.states.removeLast() }),
      ("states[1]: 8 is none that this version knows", { $0.states[1] = 8 }),
      ("names: 2 entries where the first column has 3", { $0.names = .init(PackedStrings(["a", "b"])) }),
      ("names.ends[1]: falls from 2 to 1", { $0.names.ends = [2, 1, 6] }),
      ("kinds: none, and there are tasks", { $0.kinds = [] }),
      (
        "kinds[0].resources.memory: -1 is not between 0 and 288230376151711744",
        {
          $0.kinds[0].resources.memory = -1
        }
      ),
      ("kind_places: place 1 is out of range: there are 1", { $0.kindPlaces = [0, 1, 0] }),
      ("kind_places: 1 entries where the first column has 3", { $0.kindPlaces = [0] }),
      ("marks[2]: 8 is not between 0 and 2^3", { $0.marks = Data([1, 2, 8]) }),
      ("nodes: place 2 is out of range: there are 2", { ($0.nodeNames, $0.nodes) = (["n"], [0, 1, 2]) }),
      ("racks: place 1 is out of range: there are 1", { $0.racks = [0, 1, 0] }),
      ("reasons[0]: 99 is no known reason", { $0.reasons = [99, 0, 0] }),
      ("ended_micros[1]: -1 is not between 0 and 2^58", { $0.endedMicros = [0, -1, 0] }),
      (
        "details[0].place: 3 is not between 0 and 2",
        {
          $0.details = [.init()]
          $0.details[0].place = 3
        }
      ),
    ]
    for (words, damage) in damages {
      var wire = Reeve_V1_TaskViewColumns(tasks)
      damage(&wire)
      #expect(refusal { try [TaskView](wire: wire) } == words)
    }
    let wire = Reeve_V1_TaskViewColumns(tasks)
    #expect(refusal { try TaskView(wire: wire) } == "numbers: 3 tasks where it should be one")
  }

  @Test func `reasons and words that nobody knows`() {
    var wire = Reeve_V1_EndColumns(ends)
    wire.reasons[1] = 257
    #expect(refusal { try [TaskEnd](wire: wire) } == "reasons[1]: 257 is no known reason")
    var node = Reeve_V1_NodeState()
    node.state = "tired"
    #expect(refusal { try NodeStatus(wire: node) } == "state: \"tired\" is no known state of a node")
    var ancestor = Reeve_V1_Explanation(Explanation(task: tasks[0], code: .dependency, sentence: ""))
    ancestor.waitsFor = [.init()]
    ancestor.waitsFor[0].phase = "pending"
    #expect(
      refusal { try Explanation(wire: ancestor) }
        == "waits_for[0].phase: \"pending\" is no known phase"
    )
    #expect(refusal { try Fact(wire: Reeve_V1_Fact()) } == "fact: none that this version knows")
    #expect(refusal { try Query(wire: Reeve_V1_Query()) } == "question: none that this version knows")
  }

  @Test func `sizes below zero, and numbers that fit no array`() {
    var wire = Reeve_V1_EndColumns(ends)
    wire.memoryPeak = [0, -1, 0]
    #expect(refusal { try [TaskEnd](wire: wire) } == "memory_peak[1]: -1 is not between 0 and 2^58")
    wire = Reeve_V1_EndColumns(ends)
    wire.tasks[2] = .max
    #expect(
      refusal { try [TaskEnd](wire: wire) } == "tasks[2]: 18446744073709551615 is not between 0 and 2^62"
    )
    var job = Reeve_V1_JobSpec()
    job.templates = [.init(), .init()]
    job.templates[1].resources.disk = -5
    #expect(
      refusal { try JobSpec(wire: job) }
        == "templates[1].resources.disk: -5 is not between 0 and 288230376151711744"
    )
  }

  @Test func `a node that has more than a pebibyte`() {
    var wire = Reeve_V1_NodeStatement()
    wire.name = "n"
    wire.total.memory = 1 << 51
    #expect(throws: WireError.self) { try NodeStatement(wire: wire) }
  }

  @Test func `attempts past the last number`() {
    var wire = Reeve_V1_Fact()
    wire.assigned.firstAttempt = .max
    wire.assigned.tasks = [1]
    #expect(
      refusal { try Fact(wire: wire) } == "assigned.first_attempt: leaves no room for 1 attempts"
    )
  }

  @Test func `an answer to another question`() {
    let wire = Reeve_V1_Answer(.racks([RackView(number: RackNumber(1), name: "r", state: .away)]))
    #expect(
      refusal { try Answer(wire: wire, to: .nodes) } == "racks: in an answer that should have only nodes"
    )
  }

  private var tasks: [TaskView] {
    (1...3).map { TaskView(number: TaskNumber($0), name: "t\($0)", job: JobID("j"), state: .running) }
  }

  private var ends: [TaskEnd] { (1...3).map { TaskEnd(attempt: AttemptID($0), task: TaskNumber($0)) } }

  private var launchColumns: Reeve_V1_LaunchColumns {
    var batch = LaunchBatch()
    for (i, name) in ["a", "b"].enumerated() {
      let number = UInt64(i + 1)
      batch.launches.append(
        .init(attempt: AttemptID(number), task: TaskNumber(number), template: TemplateNumber(0))
      )
      batch.names.append(name)
      batch.arguments.append(["x"])
    }
    return Reeve_V1_LaunchColumns(batch)
  }

  private func refusal<T>(_ decode: () throws -> T) -> String? {
    let error = #expect(throws: WireError.self) { _ = try decode() }
    return error?.message
  }
}
