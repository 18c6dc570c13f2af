import ReeveModel
import Testing

@Suite("Task validation: what one task may ask for") struct TaskValidationTests {
  private func refusal(_ change: (inout TaskTemplate) -> Void) throws -> Refusal {
    var template = TaskTemplate(command: ["true"])
    change(&template)
    return try #require(throws: Refusal.self) { try template.validate(at: "tasks[4]") }
  }

  private func passes(_ change: (inout TaskTemplate) -> Void) throws {
    var template = TaskTemplate(command: ["true"])
    change(&template)
    try template.validate(at: "tasks[4]")
  }

  @Test func `the defaults pass`() throws { try passes { _ in } }

  @Test(arguments: [(0, "0"), (-500, "-0.5"), (1_000_000_001, "1000000.001")] as [(Int64, String)])
  func `cpus are more than none and at most a million`(millis: Int64, shown: String) throws {
    #expect(
      try refusal { $0.resources.cpuMillis = millis }
        == Refusal(
          .invalid,
          field: "tasks[4].cpus",
          "\(shown) is out of range. Use more than 0 and at most 1000000 cores."
        )
    )
    try passes { $0.resources.cpuMillis = 1 }
    try passes { $0.resources.cpuMillis = 1_000_000_000 }
  }

  @Test(
    arguments: [
      (-1, "-1B"), (512, "512B"), ((1 << 20) - 1, "1048575B"), ((1 << 60) + 1, "1152921504606846977B"),
    ] as [(Int64, String)]
  )
  func `memory is none, or 1 MiB to 1 EiB`(bytes: Int64, shown: String) throws {
    #expect(
      try refusal { $0.resources.memory = bytes }
        == Refusal(
          .invalid,
          field: "tasks[4].memory",
          "\(shown) is out of range. Use 1MiB to 1EiB, or 0 to ask for none."
        )
    )
    for good in [0, 1 << 20, 1 << 60] as [Int64] { try passes { $0.resources.memory = good } }
  }

  @Test(arguments: [(-1, "-1B"), ((1 << 60) + 1, "1152921504606846977B")] as [(Int64, String)])
  func `disk is up to 1 EiB`(bytes: Int64, shown: String) throws {
    #expect(
      try refusal { $0.resources.disk = bytes }
        == Refusal(.invalid, field: "tasks[4].disk", "\(shown) is out of range. Use 0 to 1EiB.")
    )
    for good in [0, 1, 1 << 60] as [Int64] { try passes { $0.resources.disk = good } }
  }

  @Test func `a time limit is more than 0 and at most ten years`() throws {
    #expect(
      try refusal { $0.timeLimit = .zero }
        == Refusal(
          .invalid,
          field: "tasks[4].time",
          "0s is no time to run in. Use more than 0, or leave it out for no limit."
        )
    )
    #expect(try refusal { $0.timeLimit = .seconds(-1) }.message.hasPrefix("-1s is no time to run in."))
    #expect(
      try refusal { $0.timeLimit = .seconds(3_651 * 86_400) }
        == Refusal(
          .invalid,
          field: "tasks[4].time",
          "3651d is more than ten years. Leave it out for no limit."
        )
    )
    try passes { $0.timeLimit = .microseconds(1) }
    try passes { $0.timeLimit = .seconds(3_650 * 86_400) }
    for bad in [.zero, .seconds(-1), .seconds(3_651 * 86_400)] as [TimeSpan] {
      #expect(try refusal { $0.deadline = bad }.field == "tasks[4].deadline")
    }
    try passes { $0.deadline = .seconds(1) }
  }

  @Test(arguments: [(-1, "-1us"), (3_600_000_001, "1h0.000001s")] as [(Int64, String)])
  func `grace is up to an hour`(microseconds: Int64, shown: String) throws {
    #expect(
      try refusal { $0.grace = .microseconds(microseconds) }
        == Refusal(.invalid, field: "tasks[4].grace", "\(shown) is out of range. Use 0s to 1h.")
    )
    try passes { $0.grace = .zero }
    try passes { $0.grace = .seconds(3_600) }
  }

  @Test(arguments: [Int32.min, -1_000_001, 1_000_001, .max])
  func `priority is within a million of 0`(priority: Int32) throws {
    #expect(
      try refusal { $0.priority = priority }
        == Refusal(
          .invalid,
          field: "tasks[4].priority",
          "\(priority) is out of range. Use -1000000 to 1000000; larger is more urgent."
        )
    )
    try passes { $0.priority = -1_000_000 }
    try passes { $0.priority = 1_000_000 }
  }

  @Test func `a directory is an absolute path`() throws {
    for path in ["", "out", "./out", "~"] {
      #expect(
        try refusal { $0.directory = path }
          == Refusal(
            .invalid,
            field: "tasks[4].directory",
            "\(path.quoted) is no absolute path. Begin it with '/', or leave it out for the task's own sandbox."
          )
      )
    }
    #expect(
      try refusal { $0.directory = "/a\0b" }
        == Refusal(
          .invalid,
          field: "tasks[4].directory",
          #"the path "/a\0b" has a NUL byte in it. Leave it out."#
        )
    )
    #expect(
      try refusal { $0.directory = "/" + String(repeating: "x", count: 4_095) }
        == Refusal(
          .invalid,
          field: "tasks[4].directory",
          "the path has 4096 bytes; the system takes at most 4095."
        )
    )
    try passes { $0.directory = "/data/out" }
  }

  @Test(arguments: ["", "A=B", "A B", "größe", "A\0", String(repeating: "x", count: 257)])
  func `a variable has a name that a process can be given`(name: String) throws {
    #expect(
      try refusal { $0.environment = [.init(name: name, value: "")] }
        == Refusal(
          .invalid,
          field: "tasks[4].env",
          "\(name.quoted) is no name of a variable. Use 1 to 256 printable ASCII characters without '=', such as \"MODE\"."
        )
    )
  }

  @Test func `variables are sorted, named once, and have values that a process can be given`() throws {
    #expect(
      try refusal { $0.environment = [.init(name: "B", value: ""), .init(name: "A", value: "")] }
        == Refusal(
          .invalid,
          field: "tasks[4].env",
          #"the variables are not sorted by name: "A" comes after "B"."#
        )
    )
    #expect(
      try refusal { $0.environment = [.init(name: "A", value: "1"), .init(name: "A", value: "2")] }
        == Refusal(.duplicate, field: "tasks[4].env", #"the variable "A" is given twice. Keep one."#)
    )
    #expect(
      try refusal { $0.environment = [.init(name: "A", value: "x\0")] }
        == Refusal(
          .invalid,
          field: "tasks[4].env",
          #"the value of A "x\0" has a NUL byte in it. Leave it out."#
        )
    )
    #expect(
      try refusal { $0.environment = [.init(name: "A", value: String(repeating: "x", count: 131_072))] }.code
        == .tooLarge
    )
    try passes {
      $0.environment = [.init(name: "A", value: ""), .init(name: "spring.url", value: "x y = z\n")]
    }
  }

  @Test func `a command has no NUL byte, no empty program and no endless argument`() throws {
    #expect(
      try refusal { $0.command = ["a\0"] }
        == Refusal(
          .invalid,
          field: "tasks[4].command",
          #"the argument "a\0" has a NUL byte in it. Leave it out."#
        )
    )
    #expect(try refusal { $0.command = ["", "x"] }.message.hasPrefix("the command is empty."))
    #expect(try refusal { $0.command = ["x", String(repeating: "x", count: 131_072)] }.code == .tooLarge)
    try passes { $0.command = ["x", ""] }
    try passes { $0.command = [] }
  }
}
