import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Job validation: the job and its columns") struct JobValidationTests {
  private var job: JobSpec = {
    var job = JobSpec(id: JobID("nightly-2"), name: "Nightly run", user: "ann")
    job.labels = [.init(name: "team", value: "imaging")]
    job.templates = [TaskTemplate(command: ["true"]), TaskTemplate()]
    job.append(name: "fetch", template: 0, arguments: ["-s"], after: [])
    job.append(name: "join", template: 1, arguments: ["join.py"], after: [0, 0])
    return job
  }()

  private func refusal(_ change: (inout JobSpec) -> Void) throws -> Refusal {
    var changed = job
    change(&changed)
    return try #require(throws: Refusal.self) { try changed.validate() }
  }

  @Test func `a good job passes`() throws { try job.validate() }

  @Test(arguments: ["", ".", "..", "a b", "a/b", "größe", String(repeating: "x", count: 65)])
  func `a job id is 1 to 64 letters, digits, dashes, underscores and dots`(id: String) throws {
    #expect(
      try refusal { $0.id = JobID(id) }
        == Refusal(
          .invalid,
          field: "id",
          "\(id.quoted) is no job id. Use 1 to 64 letters (a–z), digits, '-', '_' or '.', such as \"nightly-2\"."
        )
    )
    var unnamed = job
    unnamed.id = JobID("")
    try unnamed.validateContents()
  }

  @Test func `a job has at least one task`() throws {
    #expect(throws: Refusal(.invalid, field: "tasks", "the job has no tasks. Give it at least one.")) {
      try JobSpec(id: JobID("j")).validate()
    }
  }

  @Test func `a job has at most ten million tasks`() throws {
    let refusal = try refusal { $0.taskTemplates = [UInt32](repeating: 0, count: 10_000_001) }
    #expect(
      refusal
        == Refusal(
          .tooLarge,
          field: "tasks",
          "10000001 tasks are too many for one job. Split it; the most is 10000000."
        )
    )
  }

  @Test func `columns that do not agree are refused`() throws {
    let changes: [(inout JobSpec) -> Void] = [
      { $0.taskNames.append("x") }, { $0.arguments.append(["x"]) }, { $0.dependencyEnds.append(2) },
      { $0.taskTemplates.append(0) }, { $0.dependencyEnds = [3, 2] }, { $0.dependencies.append(0) },
    ]
    for change in changes {
      let refusal = try refusal(change)
      #expect(refusal.code == .invalid && refusal.field == "tasks")
      #expect(refusal.message.hasPrefix("the columns of the job do not agree: "))
    }
  }

  @Test func `a template that does not exist is refused`() throws {
    #expect(
      try refusal { $0.taskTemplates[1] = 2 }
        == Refusal(.invalid, field: "tasks[1]", "its template 2 does not exist; the job has 2.")
    )
  }

  @Test func `names, users and labels are short lines`() throws {
    let long = String(repeating: "x", count: 257)
    #expect(
      try refusal { $0.name = long }
        == Refusal(.invalid, field: "name", "\(long.quoted) has 257 bytes. Use at most 256.")
    )
    #expect(
      try refusal { $0.user = "a\nb" }
        == Refusal(
          .invalid,
          field: "user",
          #""a\nb" has characters that cannot be shown. Use one line of plain text."#
        )
    )
    #expect(try refusal { $0.labels = [.init(name: "", value: "x")] }.field == "labels")
    #expect(try refusal { $0.labels = [.init(name: "a", value: "\0")] }.field == "labels")
    #expect(
      try refusal { $0.labels = [.init(name: "b", value: ""), .init(name: "a", value: "")] }
        == Refusal(.invalid, field: "labels", #"the labels are not sorted by name: "a" comes after "b"."#)
    )
    #expect(
      try refusal { $0.labels = [.init(name: "a", value: ""), .init(name: "a", value: "")] }
        == Refusal(.duplicate, field: "labels", #"the label "a" is given twice. Keep one."#)
    )
  }

  @Test(arguments: [
    "", " ", "a b", "a/b", ".", "..", "\t", "a\u{7f}", "a\0", "a\u{202e}b", "\u{a0}",
    String(repeating: "é", count: 129),
  ])
  func `a task name is printable, without blanks and slash`(name: String) throws {
    let refusal = try refusal { $0.taskNames = PackedStrings(["fetch", name]) }
    #expect(refusal.code == .invalid && refusal.field == "tasks[1].id")
    #expect(
      refusal.message.hasSuffix(
        "Use 1 to 256 bytes of printable characters without blanks and '/', such as \"tile-3\"."
      )
    )
    #expect(!TaskName.isValid(name))
  }

  @Test(arguments: [
    "0", "a", "...", "NFCORE_BACASS.BACASS.FASTQC_2", "größe", "タスク", "a:b#c(d)%2F",
    String(repeating: "x", count: 256),
  ])
  func `names of any script pass`(name: String) throws {
    var named = job
    named.taskNames = PackedStrings(["fetch", name])
    try named.validate()
  }

  @Test func `a name that is no UTF-8 is refused`() throws {
    let names = try #require(PackedStrings(bytes: [0x61, 0xff], ends: [1, 2]))
    #expect(try refusal { $0.taskNames = names }.field == "tasks[1].id")
  }

  @Test func `a name given twice is refused with the place of the first`() throws {
    #expect(
      try refusal { $0.taskNames = PackedStrings(["fetch", "fetch"]) }
        == Refusal(
          .duplicate,
          field: "tasks[1].id",
          #""fetch" is the id of tasks[0] already. Ids are unique within a job."#
        )
    )
  }

  @Test func `a command is never empty`() throws {
    let message = #"the command is empty. Give a program and its arguments, such as ["echo", "hello"]."#
    let empty = Refusal(.invalid, field: "tasks[1].command", message)
    let withoutProgram = try #require(PackedLists(strings: PackedStrings(["-s"]), ends: [1, 1]))
    #expect(try refusal { $0.arguments = withoutProgram } == empty)
    let emptyProgram = try #require(PackedLists(strings: PackedStrings(["-s", ""]), ends: [1, 2]))
    #expect(try refusal { $0.arguments = emptyProgram } == empty)
    #expect(
      try refusal { $0.templates[0].command = [""] }
        == Refusal(.invalid, field: "tasks[0].command", message)
    )
  }

  @Test func `a NUL byte in an argument is refused`() throws {
    let lists = try #require(PackedLists(strings: PackedStrings(["-s", "ok", "a\0b"]), ends: [1, 3]))
    #expect(
      try refusal { $0.arguments = lists }
        == Refusal(
          .invalid,
          field: "tasks[1].command",
          #"the argument "a\0b" has a NUL byte in it. Leave it out."#
        )
    )
  }

  @Test func `an argument longer than the system takes is refused`() throws {
    let long = String(repeating: "x", count: 131_072)
    let lists = try #require(PackedLists(strings: PackedStrings(["-s", long]), ends: [1, 2]))
    #expect(
      try refusal { $0.arguments = lists }
        == Refusal(
          .tooLarge,
          field: "tasks[1].command",
          "the argument has 131072 bytes; the system takes at most 131071. Put it into a file."
        )
    )
  }

  @Test func `a dependency out of range or on itself is refused, a repeated one is not`() throws {
    #expect(
      try refusal { $0.dependencies = [0, 2] }
        == Refusal(
          .unknownDependency,
          field: "tasks[1].after",
          "it waits for task 2, but the job has only 2, counted from 0."
        )
    )
    #expect(
      try refusal { $0.dependencies = [0, 1] }
        == Refusal(
          .cycle,
          field: "tasks[1].after",
          #""join" waits for itself. Remove it from its own dependencies."#
        )
    )
  }

  @Test func `a circle is refused`() throws {
    let refusal = try refusal {
      $0.dependencyEnds = [1, 2]
      $0.dependencies = [1, 0]
    }
    #expect(refusal.code == .cycle && refusal.message.contains("fetch → join → fetch"))
  }

  /// Measured alone, 9 ms; the bar leaves room for tests that run beside it.
  @Test func `a hundred thousand tasks take some milliseconds, whichever way their edges point`() throws {
    var job = JobSpec(id: JobID("large"))
    job.templates = [TaskTemplate(command: ["render.py"])]
    for i in 0..<100_000 {
      let after: [UInt32] = i == 0 ? [] : [UInt32(i - 1), UInt32(i / 2)]
      job.append(
        name: "task-\(i)",
        template: 0,
        arguments: ["--tile", "\(i)", "--out=/data/\(i).png"],
        after: after
      )
    }
    let backwards = try quickest { try job.validate() }
    // Turned round, the edges all point forwards, so that the circle check cannot take its short way.
    let last = UInt32(job.count - 1)
    let total = UInt32(job.dependencies.count)
    job.dependencies = job.dependencies.reversed().map { last - $0 }
    job.dependencyEnds = job.dependencyEnds.dropLast().reversed().map { total - $0 } + [total]
    let forwards = try quickest { try job.validate() }
    #if DEBUG
      let bar = Duration.seconds(60)
    #else
      let bar = Duration.milliseconds(90)
    #endif
    #expect(max(backwards, forwards) < bar)
  }

  private func quickest(_ work: () throws -> Void) rethrows -> Duration {
    var best = Duration.seconds(3_600)
    for _ in 0..<5 { best = min(best, try ContinuousClock().measure(work)) }
    return best
  }
}
