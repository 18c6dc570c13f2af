import ReeveJobFile
import ReeveModel
import Testing

@Suite("The schema of job files") struct JobFileSchemaTests {
  private let checker: SchemaChecker

  init() throws {
    checker = SchemaChecker(schema: try JSONParser.parse(Array(jobFileSchema().utf8)))
  }

  /// What reader and schema say of a file.
  private func verdicts(_ text: String) throws -> (reader: Bool, schema: Bool) {
    let bytes = Array(text.utf8)
    let isRead = (try? readJobFile(bytes, id: nil, user: "ann")) != nil
    return (isRead, try checker.accepts(try Document.read(bytes)))
  }

  private func named(_ path: [String]) throws -> [String: String] {
    let schema = checker.schema
    let node = try path.reduce(0) { node, part in try #require(schema.member(part, of: node)) }
    return Dictionary(
      uniqueKeysWithValues: schema.children(of: node).map { key, value in
        (schema.string(key), schema.member("description", of: value).map { schema.string($0) } ?? "")
      }
    )
  }

  @Test func `has every key that the reader has, no other, and a word on each`() throws {
    let job = try named(["properties"])
    #expect(Set(job.keys) == Set(JobKey.allCases.map(\.rawValue)))
    let task = try named(["$defs", "task", "properties"])
    #expect(Set(task.keys) == Set(TaskKey.allCases.map(\.rawValue)))
    let defaults = try named(["properties", "defaults", "properties"])
    #expect(Set(defaults.keys) == Set(TaskKey.allCases.filter(\.hasDefault).map(\.rawValue)))
    for (key, description) in job.merging(task, uniquingKeysWith: { own, _ in own }) {
      #expect(description.count > 20, "\(key): \(description)")
    }
  }

  @Test(
    arguments: [
      #"{"tasks": [{"command": "x"}]}"#,
      "name: n\nid: a.b-c_1\nlabels: {a: 1, b: c}\ntasks: [{command: [echo, 1, x]}]",
      "defaults: {cpus: 500m, env: {A: 1}}\ntasks:\n- {id: 7, command: [x]}\n- {command: x, after: [7, {task: 7}]}",
      "tasks: [{command: x, time: 1:30:00, grace: 5, onNodeLoss: wait, directory: /d, priority: 5.0}]",
      "maxFailures: 3\nhold: true\ntasks: [{id: a, command: x, array: 0-9%2, retries: {limit: 3, exitCodes: [75]}}]",
      "tasks: [{command: x, values: [a, 1, {b: c}], inputs: [i], outputs: [o], labels: {l: m}, constraints: [gpu=a, 'z!=b,c'], time: 9m, warning: USR1@1m}]",
      "tasks: [{id: a, command: x, array: 1-3}, {command: x, array: 4-6, after: [{task: a, each: true, when: ended}, {job: j}]}]",
    ]
  )
  func `both take what is right`(text: String) throws { #expect(try verdicts(text) == (true, true)) }

  @Test(
    arguments: [
      "[]", "x", "{}", "tasks:", "tasks: []", "tasks: {}", "tasks: [x]", "tasks: [{}]",
      "tasks: [{command: []}]",
      "tasks: [{command: ''}]", "tasks: [{command: 5}]", "tasks: [{command: [true]}]",
      "tasks: [{command: [[x]]}]",
      "taks: [{command: x}]", "tasks: [{command: x, cpu: 1}]", "defaults: {id: a}\ntasks: [{command: x}]",
      "defaults: {command: a}\ntasks: [{command: x}]", "tasks: [{command: x, after: a}]",
      "name: [a]\ntasks: [{command: x}]",
      "tasks: [{id: a, command: x}, {command: y, after: [{when: succeeded}]}]",
      "id: a/b\ntasks: [{command: x}]",
      "tasks: [{id: a, command: x}, {command: y, after: [{task: a, when: ok}]}]",
      "labels: [a]\ntasks: [{command: x}]", "tasks: [{command: x, constraints: {gpu: a}}]",
      "tasks: [{command: x, constraints: [gpu]}]", "tasks: [{command: x, constraints: ['gpu=']}]",
    ]
  )
  func `both refuse what is wrong`(text: String) throws { #expect(try verdicts(text) == (false, false)) }

  private static let values = [
    "0", "-0", "1", "-1", "0.5", "1e9", "1e-3", "5.0", "1048576", "1000000", "1000001", "null", "true", "[]",
    "{}", "\"\"",
    "\"1\"", "\"0.5\"", "\"500m\"", "\"1 m\"", "\"512MiB\"", "\"1.5 g\"", "\"2Gi\"", "\"7B\"", "\"100mb\"",
    "\".5K\"",
    "\"1KIB\"", "\"1e3KB\"", "\"+1M\"", "\"90s\"", "\"1h30m\"", "\"1.5h\"", "\"250 ms\"", "\"2d 3h\"",
    "\"1:00:00\"",
    "\"2-12:00:00\"", "\"0:00:00.5\"", "\"1min\"", "\"3 Sec\"", "\"wait\"", "\"fail\"", "\"Wait\"",
    "\"/tmp\"", "\"tmp\"",
    "\"x\"", "\"a b\"", "\"a/b\"", "\"größe\"", "[\"x\"]", "[1]", "[null]", "[\"0\"]", "[{\"task\": \"a\"}]",
    "[\"gpu=a,b\"]", "[\"zone!=c\"]",
    "\"0-9\"", "\"1-100:7%5\"", "\"USR1@1s\"", "{\"limit\": 2, \"delay\": 1}", "[{\"job\": \"j\"}]",
    "{\"A\": 1}", "{\"A\": \"x\"}", "{\"A\": null}", "{\"A\": []}", "{\"\": \"x\"}",
  ]

  @Test(arguments: TaskKey.allCases)
  func `whatever the reader takes, the schema takes`(key: TaskKey) throws {
    var taken = 0
    for value in Self.values {
      let command = key == .command ? "" : "\"command\": \"x\", "
      let file = """
        {"tasks": [{"id": "a", "command": "x"}, {\(command)\(key == .warning ? "\"time\": 9, " : "")"\(key.rawValue)": \(value)}]}
        """
      let (reader, schema) = try verdicts(file)
      #expect(schema || !reader, "\(file)")
      taken += reader ? 1 : 0
    }
    #expect(taken > 0)
  }
}
