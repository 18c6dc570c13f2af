import ReeveJobFile
import ReeveModel
import Testing

@Suite("Job files: what is refused, and where") struct JobFileRefusalTests {
  private func refusal(_ text: String) throws -> Refusal {
    try #require(throws: Refusal.self) { try readJobFile(Array(text.utf8), id: nil, user: "ann") }
  }

  /// The refusal of a task with these fields, its message without the place, which is column 31 at the least.
  private func ofTask(_ fields: String) throws -> Refusal {
    var refusal = try refusal("{\"tasks\": [{\"command\": [\"x\"],\n\(fields)}]}")
    #expect(refusal.message.hasPrefix("line 2, column ") || refusal.message.hasPrefix("line 1, column "))
    refusal.message = refusal.message.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? ""
    return refusal
  }

  @Test func `a mistake in the syntax has its place`() throws {
    #expect(
      try refusal("{\"tasks\": [\n  {\"command\": [\"x\"},\n]}")
        == Refusal(
          .syntax,
          "line 2, column 19: expected ',' or the ']' to what begins at line 2, column 15, found '}'."
        )
    )
  }

  @Test(
    arguments: [
      ("[]", "line 1, column 1: a job file is one object, such as {\"tasks\": [{\"command\": […]}]}."),
      ("{}", "line 1, column 1: the job has no \"tasks\". Give it a list of at least one."),
      (#"{"tasks": {}}"#, "line 1, column 11: \"tasks\" is a list, such as [{\"command\": […]}]."),
      (#"{"tasks": []}"#, "line 1, column 11: the job has no tasks. Give it at least one."),
      (#"{"name": null}"#, "line 1, column 10: null is wrong here. Write a string in quotes."),
      (
        #"{"labels": ["a"]}"#,
        "line 1, column 12: a list is wrong here. Write an object of strings, such as {\"MODE\": \"fast\"}."
      ),
      (
        #"{"labels": {"a": true}}"#, "line 1, column 18: true is wrong here. Write a string in quotes."
      ),
      (
        #"{"id": "a b", "tasks": [{"command": ["x"]}]}"#,
        "line 1, column 8: \"a b\" is no job id. Use 1 to 64 letters (a–z), digits, '-', '_' or '.', such as \"nightly-2\"."
      ),
      (
        #"{"name": "a\u0007", "tasks": [{"command": ["x"]}]}"#,
        "line 1, column 10: \"a\\u{07}\" has characters that cannot be shown. Use one line of plain text."
      ),
    ] as [(String, String)]
  )
  func `what a job may not be is refused with its place`(text: String, message: String) throws {
    #expect(try refusal(text).message == message)
  }

  @Test(
    arguments: [
      (#"{"taks": []}"#, "taks", #"line 1, column 2: "taks" is no key of a job. Did you mean "tasks"?"#),
      (#"{"colour": 1}"#, "colour", #"line 1, column 2: "colour" is no key of a job."#),
      (
        #"{"env": {}}"#, "env",
        #"line 1, column 2: "env" is no key of a job. It belongs into a task, or under "defaults"."#
      ),
      (
        "{\"tasks\": [{\"command\": [\"x\"]},\n  {\"memroy\": 1}]}", "tasks[1].memroy",
        #"line 2, column 4: "memroy" is no key of a task. Did you mean "memory"?"#
      ),
      (
        #"{"defaults": {"cpu": 1}}"#, "defaults.cpu",
        #"line 1, column 15: "cpu" is no key of a task. Did you mean "cpus"?"#
      ),
      (
        #"{"tasks": [{"command": ["x"], "after": [{"taks": "a"}]}]}"#, "tasks[0].after",
        #"line 1, column 42: "taks" is no key of a dependency. Did you mean "task"?"#
      ),
    ] as [(String, String, String)]
  )
  func `an unknown key is refused with the nearest known one`(text: String, field: String, message: String)
    throws
  {
    #expect(try refusal(text) == Refusal(.unknownKey, field: field, message))
  }

  @Test(
    arguments: [
      (#""array": "9-0""#, "array", "runs backwards"), (#""array": []"#, "array", "indices"),
      (#""array": "0-99999999""#, "tasks", "too many"),
      (#""array": "0-3", "values": [1]"#, "values", "1 values for 4"),
      (#""values": []"#, "values", "one or more"), (#""retries": -1"#, "retries", "from 0 to 1000"),
      (#""retries": 1001"#, "retries", "from 0 to 1000"),
      (#""retries": "x""#, "retries", "a number, such as 3"),
      (#""retries": {"delay": "1s"}"#, "retries", "how many times"),
      (#""retries": {"limit": 1, "exitCodes": [256]}"#, "retries.exitCodes", "from 0 to 255"),
      (#""retries": {"limit": 1, "reasons": ["cancelled"]}"#, "retries.reasons", "out-of-memory"),
      (#""retries": {"limit": 1, "dealy": 1}"#, "retries.dealy", "Did you mean"),
      (#""warning": "KILL@5s""#, "warning", "USR1@60s"), (#""warning": "USR1@5s""#, "warning", "time limit"),
      (#""warning": "USR1@5s", "time": "5s""#, "warning", "longer"),
      (#""inputs": "x""#, "inputs", "a list of names"),
      (#""outputs": [""]"#, "outputs", "no name of data"), (#""labels": ["x"]"#, "labels", ""),
      (#""after": [{"task": "0", "when": "done"}]"#, "after", "\"ended\""),
      (#""after": [{"job": "a/b"}]"#, "after", "no job id"),
      (#""after": [{"task": "0", "each": 1}]"#, "after", "true or false"),
    ] as [(String, String, String)]
  )
  func `what makes many tasks, or tries them again, is looked at as closely`(
    fields: String,
    key: String,
    says: String
  ) throws {
    let refusal = try ofTask(fields)
    #expect(refusal.field == "tasks[0].\(key)" || refusal.field == key, "\(refusal)")
    #expect(refusal.message.contains(says), "\(refusal)")
  }

  @Test(arguments: ["id", "command", "after", "array", "values"])
  func `what each task has for itself has no default`(key: String) throws {
    #expect(
      try refusal("{\"defaults\": {\"\(key)\": 1}}")
        == Refusal(
          .invalid,
          field: "defaults.\(key)",
          "line 1, column 15: \(key.quoted) belongs to each task. Move it from the defaults to the tasks."
        )
    )
  }

  @Test(
    arguments: [
      (
        "1",
        "1 is wrong here. Write a list of strings, such as [\"echo\", \"hello\"], or one string for the shell."
      ),
      (
        "[]",
        "the command is empty. Write a list of strings, such as [\"echo\", \"hello\"], or one string for the shell."
      ),
      (
        "\"\"",
        "the command is empty. Write a list of strings, such as [\"echo\", \"hello\"], or one string for the shell."
      ),
      ("[[\"x\"]]", "a list is wrong here. Write each word of a command as a string in quotes."),
      ("[\"x\", true]", "true is wrong here. Write each word of a command as a string in quotes."),
      ("[\"\"]", "the command is empty. Give a program and its arguments, such as [\"echo\", \"hello\"]."),
      ("[\"x\", \"a\\u0000\"]", "the argument \"a\\0\" has a NUL byte in it. Leave it out."),
    ] as [(String, String)]
  )
  func `a command that is none says what would be right`(command: String, message: String) throws {
    let refusal = try refusal("{\"tasks\": [{\"command\": \(command)}]}")
    #expect(refusal.field == "tasks[0].command")
    #expect(
      refusal.message.hasPrefix("line 1, column ") && refusal.message.hasSuffix(": " + message),
      "\(refusal)"
    )
  }

  @Test func `a task without a command is refused`() throws {
    #expect(
      try refusal("{\"tasks\": [\n {\"id\": \"a\"}]}")
        == Refusal(
          .invalid,
          field: "tasks[0].command",
          "line 2, column 2: the task has no \"command\". Give it one, such as [\"echo\", \"hello\"]."
        )
    )
  }

  @Test(
    arguments: [
      (
        "memory", "\"512\"",
        #""512" has no unit. Write "512MiB" or "512B"; only a number without quotes in a file counts bytes."#
      ),
      ("memory", "true", "true is wrong here. Write a size, such as \"512MiB\", or a number of bytes."),
      ("memory", "-1", #"-1 is negative. Write a size such as "512MiB", "1.5GiB" or "100MB"."#),
      ("memory", "512", "512B is out of range. Use 1MiB to 1EiB, or 0 to ask for none."),
      ("disk", "1e40", #"1e40 is more than 1EiB. Write a size such as "512MiB", "1.5GiB" or "100MB"."#),
      ("cpus", "0", "0 is out of range. Use more than 0 and at most 1000000 cores."),
      (
        "cpus", "\"two\"",
        #""two" is no number of cores. Write a number of cores such as 2 or 0.5, or thousandths such as "500m"."#
      ),
      ("cpus", "[]", "a list is wrong here. Write a number of cores, such as 2, 0.5 or \"500m\"."),
      ("time", "0", "0s is no time to run in. Use more than 0, or leave it out for no limit."),
      (
        "time", "\"90\"",
        #""90" has no unit. Write "90s" or "90m"; only a number without quotes in a file counts seconds."#
      ),
      (
        "time", "null",
        "null is wrong here. Write a time, such as \"10m\" or \"1h30m\", or a number of seconds."
      ),
      (
        "onNodeLoss", "\"retry\"",
        "\"retry\" is wrong here. Write one of \"requeue\", \"wait\" and \"fail\"."
      ),
      ("grace", "\"2h\"", "2h is out of range. Use 0s to 1h."),
      ("priority", "1.5", "1.5 is wrong here. Write a whole number from -1000000 to 1000000."),
      ("priority", "\"high\"", "\"high\" is wrong here. Write a whole number from -1000000 to 1000000."),
      ("priority", "2000000", "2000000 is out of range. Use -1000000 to 1000000; larger is more urgent."),
      (
        "directory", "\"out\"",
        "\"out\" is no absolute path. Begin it with '/', or leave it out for the task's own sandbox."
      ),
      ("directory", "{}", "an object is wrong here. Write a string in quotes."),
      (
        "env", "{\"A=\": \"\"}",
        "\"A=\" is no name of a variable. Use 1 to 256 printable ASCII characters without '=', such as \"MODE\"."
      ),
      ("env", "[]", "a list is wrong here. Write an object of strings, such as {\"MODE\": \"fast\"}."),
      (
        "id", "\"a b\"",
        "\"a b\" is no task name. Use 1 to 256 bytes of printable characters without blanks and '/', such as \"tile-3\"."
      ),
      ("id", "null", "null is wrong here. Write a string, such as \"fetch\"."),
      ("after", "\"a\"", "\"a\" is wrong here. Write a list of task ids, such as [\"fetch\"]."),
      ("after", "[null]", "null is wrong here. Write the id of a task, such as \"fetch\"."),
      (
        "after", "[{\"when\": \"succeeded\"}]",
        "an object is wrong here. Write {\"task\": \"fetch\", \"when\": \"succeeded\"}, or just the id."
      ),
      (
        "after", "[{\"task\": \"0\", \"when\": \"soon\"}]",
        "\"soon\" is wrong here. Write one of \"succeeded\", \"failed\", \"ended\"."
      ),
      ("after", "[\"0\"]", "\"0\" waits for itself. Remove it from its own dependencies."),
    ] as [(String, String, String)]
  )
  func `a value that is wrong says what would be right`(key: String, value: String, message: String) throws {
    let refusal = try ofTask("\"\(key)\": \(value)")
    #expect(refusal.field == "tasks[0].\(key)" && refusal.message == message)
  }

  @Test func `a rule of the model gets the place of the value, in the defaults if it is from there`() throws {
    let text = """
      {"defaults": {"cpus": 1,
                    "memory": 512},
       "tasks": [{"command": ["x"], "memory": "1GiB"},
                 {"command": ["x"]}]}
      """
    #expect(
      try refusal(text)
        == Refusal(
          .invalid,
          field: "tasks[1].memory",
          "line 2, column 25: 512B is out of range. Use 1MiB to 1EiB, or 0 to ask for none."
        )
    )
  }

  @Test func `an unknown dependency is refused with the nearest id`() throws {
    let text =
      "{\"tasks\": [{\"id\": \"fetch\", \"command\": [\"x\"]},\n{\"command\": [\"x\"], \"after\": [\"fetsch\"]}]}"
    #expect(
      try refusal(text)
        == Refusal(
          .unknownDependency,
          field: "tasks[1].after",
          "line 2, column 30: \"fetsch\" is no task of this job. Did you mean \"fetch\"?"
        )
    )
  }

  @Test func `an id that comes twice is refused, also against one by place`() throws {
    let text = "{\"tasks\": [{\"id\": \"1\", \"command\": [\"x\"]},\n{\"command\": [\"x\"]}]}"
    #expect(
      try refusal(text)
        == Refusal(
          .duplicate,
          field: "tasks[1].id",
          "line 2, column 1: \"1\" is the id of tasks[0] already. Ids are unique within a job."
        )
    )
  }

  @Test func `a circle is refused by name`() throws {
    let text = """
      {"tasks": [{"id": "a", "command": ["x"], "after": ["b"]},
                 {"id": "b", "command": ["x"], "after": ["c"]}, {"id": "c", "command": ["x"], "after": ["a"]}]}
      """
    #expect(
      try refusal(text)
        == Refusal(
          .cycle,
          field: "tasks[0].after",
          "line 1, column 51: the tasks wait for each other in a circle, each for the next: a → b → c → a. Remove one of these dependencies."
        )
    )
  }
}
