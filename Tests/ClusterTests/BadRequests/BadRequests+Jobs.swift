import Foundation
import ReeveModel
import ReeveWire
import SwiftProtobuf

extension BadRequest {
  static let jobs: [BadRequest] = [
    submit("no job id", .invalid, "id", "\"\" is no job id", "such as") { $0.id = "" },
    submit("a job id with a slash", .invalid, "id", "\"a/b\"") { $0.id = "a/b" },
    submit("a job id with a control character", .invalid, "id", "\\u{1B}") { $0.id = "a\u{1b}[31m" },
    submit("a job id of 5,000 letters", .invalid, "id", "aaa…", "1 to 64") { $0.id = long },
    submit("a job id that is a directory's", .invalid, "id", "\"..\"") { $0.id = ".." },
    submit("a job id that stands for another", .invalid, "id", "newest job") { $0.id = "last" },
    submit("the id of another job", .conflict, "id", "\"good\" exists already") {
      $0.id = "good"
      $0.name = "another"
    },
    submit("a name of 5,000 letters", .invalid, "name", "5000 bytes", "at most 256") { $0.name = long },
    submit("a name of two lines", .invalid, "name", "\"a\\nb\"", "one line") { $0.name = "a\nb" },
    submit("a user with a control character", .invalid, "user", "\\u{07}") { $0.user = "a\u{7}" },
    submit("a label without a name", .invalid, "labels", "no name") { $0.labels = [.of("", "x")] },
    submit("a label twice", .duplicate, "labels", "\"a\"") { $0.labels = [.of("a", "1"), .of("a", "2")] },
    submit("labels out of order", .invalid, "labels", "sorted") { $0.labels = [.of("b", ""), .of("a", "")] },
    submit("no cpu", .invalid, "tasks[0].cpus", "0 is out of range") {
      $0.templates[0].resources.cpuMillis = 0
    },
    submit("cpu below nothing", .invalid, "templates[0].resources.cpu_millis", "-1") {
      $0.templates[0].resources.cpuMillis = -1
    },
    submit("cpu without end", .invalid, "templates[0].resources.cpu_millis", "9223372036854775807") {
      $0.templates[0].resources.cpuMillis = .max
    },
    submit("memory in the wrong unit", .invalid, "tasks[0].memory", "512B is out of range", "1MiB") {
      $0.templates[0].resources.memory = 512
    },
    submit("memory below nothing", .invalid, "templates[0].resources.memory", "-1") {
      $0.templates[0].resources.memory = -1
    },
    submit("disk below nothing", .invalid, "templates[0].resources.disk", "-9223372036854775808") {
      $0.templates[0].resources.disk = .min
    },
    submit("more than any node has", .exceedsLargestNode, "tasks[0].cpus", "\"900\"", "most: 2") {
      $0.templates[0].resources.cpuMillis = 900_000
    },
    submit("a time limit below nothing", .invalid, "templates[0].time_limit_micros", "-5") {
      $0.templates[0].timeLimitMicros = -5
    },
    submit("a time limit of a century", .invalid, "tasks[0].time", "more than ten years") {
      $0.templates[0].timeLimitMicros = 3_155_760_000_000_000
    },
    submit("a time limit that overflows", .invalid, "templates[0].time_limit_micros", "9223372036854775807") {
      $0.templates[0].timeLimitMicros = .max
    },
    submit("a grace of two hours", .invalid, "tasks[0].grace", "0s to 1h") {
      $0.templates[0].graceMicros = 7_200_000_000
    },
    submit("a grace below nothing", .invalid, "templates[0].grace_micros", "-1") {
      $0.templates[0].graceMicros = -1
    },
    submit("a priority out of range", .invalid, "tasks[0].priority", "2147483647 is out of range") {
      $0.templates[0].priority = .max
    },
    submit("a choice that there is not", .invalid, "templates[0].on_node_loss", "7 is no choice") {
      $0.templates[0].onNodeLoss = 7
    },
    submit("more retries than can be counted", .invalid, "templates[0].retry.limit", "4294967295", "65535") {
      $0.templates[0].retry.limit = .max
    },
    submit("too many retries", .invalid, "tasks[0].retries", "1001 retries", "1000") {
      $0.templates[0].retry.limit = 1_001
    },
    submit("a retry before the failure", .invalid, "templates[0].retry.delay_micros", "-1") {
      $0.templates[0].retry.delayMicros = -1
    },
    submit("a retry for a reason that there is not", .invalid, "templates[0].retry.reasons[1]", "200") {
      $0.templates[0].retry.reasons = Data([1, 200])
    },
    submit("a retry of what was cancelled", .invalid, "tasks[0].retries", "\"cancelled\"", "exit-code") {
      $0.templates[0].retry.reasons = Data([9])
    },
    submit("a warning by KILL", .invalid, "tasks[0].warning", "signal 9", "USR1") {
      $0.templates[0].warning = .with { ($0.signal, $0.beforeMicros) = (9, 1) }
    },
    submit("a warning before the start", .invalid, "tasks[0].warning", "It is 1m") {
      $0.templates[0].warning = .with { ($0.signal, $0.beforeMicros) = (10, 99_000_000) }
    },
    submit("a variable without a name", .invalid, "tasks[0].env", "no name of a variable") {
      $0.templates[0].environment = [.of("", "x")]
    },
    submit("a variable that is two", .invalid, "tasks[0].env", "\"A=B\"") {
      $0.templates[0].environment = [.of("A=B", "x")]
    },
    submit("a variable with a NUL", .invalid, "tasks[0].env", "NUL") {
      $0.templates[0].environment = [.of("A", "x\0y")]
    },
    submit("a directory that is no path", .invalid, "tasks[0].directory", "\"here\" is no absolute path") {
      $0.templates[0].directory = "here"
    },
    submit("data without a name", .invalid, "tasks[0].inputs", "\"\" is no name of data") {
      $0.templates[0].inputs = [""]
    },
    submit("no command", .invalid, "tasks[0].command", "empty") { $0.templates[0].command = [] },
    submit("an empty command", .invalid, "tasks[0].command", "empty") { $0.templates[0].command = [""] },
    submit("an argument with a NUL", .invalid, "tasks[0].command", "NUL") {
      $0.templates[0].command = ["x", "a\0"]
    },
  ]

  static let entries: [BadRequest] = [
    submit("no tasks", .invalid, "tasks", "at least one") { $0.clearTasks() },
    submit("no templates", .invalid, "tasks.templates", "place 0 is out of range") { $0.templates = [] },
    submit("a template that there is not", .invalid, "tasks.templates", "place 7", "there are 1") {
      $0.tasks.templates = [0, 7, 0]
    },
    submit("fewer names than tasks", .invalid, "tasks.names", "2 entries", "3") {
      $0.tasks.names.data = Data("ab".utf8)
      $0.tasks.names.ends = [1, 2]
    },
    submit("names that end backwards", .invalid, "tasks.names.ends[1]", "falls from 2 to 1") {
      $0.tasks.names.ends = [2, 1, 3]
    },
    submit("names that end past their bytes", .invalid, "tasks.names.ends", "the last is 9", "3") {
      $0.tasks.names.ends = [1, 2, 9]
    },
    submit("names with bytes to spare", .invalid, "tasks.names.ends", "the last is 3", "6") {
      $0.tasks.names.data = Data("abcdef".utf8)
    },
    submit("a name that is not UTF-8", .invalid, "tasks[1].id", "is no task name") {
      $0.tasks.names.data = Data([0x61, 0xff, 0x63])
    },
    submit("a letter that two names share", .invalid, "tasks[0].id", "is no task name") {
      $0.tasks.names.data = Data("éc".utf8)
    },
    submit("a task without a name", .invalid, "tasks[1].id", "\"\" is no task name") {
      $0.tasks.names.ends = [1, 1, 3]
    },
    submit("a name with a slash", .invalid, "tasks[1].id", "\"/\" is no task name") {
      $0.tasks.names.data = Data("a/c".utf8)
    },
    submit("a name with a control character", .invalid, "tasks[1].id", "\\u{07}") {
      $0.tasks.names.data = Data("a\u{7}c".utf8)
    },
    submit("a task's name of 5,000 letters", .invalid, "tasks[0].id", "5000 bytes", "256") {
      $0.tasks.names.data = Data((long + "bc").utf8)
      $0.tasks.names.ends = [5_000, 5_001, 5_002]
    },
    submit("a name twice", .duplicate, "tasks[1].id", "\"a\" is the id of tasks[0]") {
      $0.tasks.names.data = Data("aac".utf8)
    },
    submit("the name of an array's task", .duplicate, "tasks[0].id", "\"c.1\"", "array \"c\"") {
      $0.tasks.names.data = Data("c.1bc".utf8)
      $0.tasks.names.ends = [3, 4, 5]
    },
    submit("more arguments than tasks", .invalid, "tasks.arguments", "4 entries") {
      $0.tasks.arguments.ends = [0, 1, 1, 1]
    },
    submit("arguments that end backwards", .invalid, "tasks.arguments.ends[2]", "falls from 1 to 0") {
      $0.tasks.arguments.ends = [0, 1, 0]
    },
    submit("arguments that end past the strings", .invalid, "tasks.arguments.ends", "the last is 5") {
      $0.tasks.arguments.ends = [0, 1, 5]
    },
    submit("an own argument with a NUL", .invalid, "tasks[1].command", "NUL") {
      $0.tasks.arguments.strings.data = Data([0])
    },
    submit("an argument that is not UTF-8", .invalid, "tasks[1].command", "UTF-8") {
      $0.tasks.arguments.strings.data = Data([0xff])
    },
    submit("an argument that no program takes", .tooLarge, "tasks[1].command", "131072", "131071") {
      $0.tasks.arguments.strings.data = Data(repeating: 0x61, count: 131_072)
      $0.tasks.arguments.strings.ends = [131_072]
    },
    submit("fewer lists of dependencies than tasks", .invalid, "tasks.dependency_ends", "2 entries") {
      $0.tasks.dependencyEnds = [0, 1]
    },
    submit("dependencies that end backwards", .invalid, "tasks.dependency_ends[2]", "falls") {
      $0.tasks.dependencyEnds = [0, 1, 0]
    },
    submit("dependencies that end past the column", .invalid, "tasks.dependency_ends", "the last is 4") {
      $0.tasks.dependencyEnds = [0, 1, 4]
    },
    submit("a dependency out of range", .invalid, "tasks.dependencies", "place 3", "there are 3") {
      $0.tasks.dependencies = [3]
    },
    submit("a task that waits for itself", .cycle, "tasks[1].after", "\"b\" waits for itself") {
      $0.tasks.dependencies = [1]
    },
    submit("tasks in a circle", .cycle, "tasks[0].after", "a → b → a") {
      $0.tasks.dependencyEnds = [1, 2, 2]
      $0.tasks.dependencies = [1, 0]
    },
    submit("all of its own job to wait for", .cycle, "tasks[1].after", "its own job") {
      $0.outerDependencies = [.of(1, "")]
    },
    submit("a task of its own that there is not", .unknownDependency, "tasks[1].after", "\"z.7\" is no task")
    {
      $0.outerDependencies = [.of(1, "", task: "z.7")]
    },
    submit("task by task what is no array", .invalid, "tasks[1].after", "arrays of as many") {
      $0.outerDependencies = [.of(1, "good", task: "a", kind: 4)]
    },
    submit("an addition to a job that there is not", .notFound, "job", "\"bad\"") {
      ($0.addition, $0.name, $0.labels) = ("more", "", [])
    },
    submit("an addition to a job that is not open", .conflict, "job", "\"good\" is not an open one") {
      ($0.id, $0.addition, $0.name, $0.labels) = ("good", "more", "", [])
    },
    submit("an addition with a name for the job", .invalid, "name", "settled when that was opened") {
      ($0.addition, $0.name, $0.labels) = ("more", "other", [])
    },
    submit("an addition that is none", .invalid, "addition", "\"a/b\"") {
      ($0.addition, $0.name, $0.labels) = ("a/b", "", [])
    },
    submit("a kind of dependency that there is not", .invalid, "tasks[1].after", "3 is no kind") {
      $0.tasks.dependencyKinds = Data([3])
    },
    submit("a kind that takes a whole byte", .invalid, "tasks.dependency_kinds[0]", "255") {
      $0.tasks.dependencyKinds = Data([255])
    },
    submit("more kinds than dependencies", .invalid, "tasks.dependency_kinds", "2 entries") {
      $0.tasks.dependencyKinds = Data([0, 0])
    },
    submit("task by task where there are no arrays", .invalid, "tasks[1].after", "task by task") {
      $0.tasks.dependencyKinds = Data([4])
    },
    submit("a job to wait for that there is not", .unknownDependency, "tasks[1].after", "job \"nothing\"") {
      $0.outerDependencies = [.of(1, "nothing")]
    },
    submit("a task of a job that there is not", .unknownDependency, "tasks[1].after", "\"z\" of job \"good\"")
    {
      $0.outerDependencies = [.of(1, "good", task: "z")]
    },
    submit("a job to wait for that is none", .invalid, "tasks[1].after", "\"a/b\" is no job id") {
      $0.outerDependencies = [.of(1, "a/b")]
    },
    submit("a job that waits for itself", .cycle, "tasks[1].after", "its own job") {
      $0.outerDependencies = [.of(1, "bad")]
    },
    submit("a wait of no task", .invalid, "tasks[4294967295].after", "of no task") {
      $0.outerDependencies = [.of(.max, "good")]
    },
    submit("a kind of outer dependency that there is not", .invalid, "outer_dependencies[0].kind", "9") {
      $0.outerDependencies = [.of(1, "good", kind: 9)]
    },
    submit("an array without indices", .invalid, "tasks[2].array", "no indices") { $0.array(2, [], [], []) },
    submit("an array of no step", .invalid, "tasks[2].array", "no indices") { $0.array(2, [0], [0], [2]) },
    submit("an array of no tasks", .invalid, "tasks[2].array", "no indices") { $0.array(2, [0], [1], [0]) },
    submit("an array backwards", .duplicate, "tasks[2].array", "ascending") {
      $0.array(2, [9, 0], [1, 1], [1, 1])
    },
    submit("an array that overlaps itself", .duplicate, "tasks[2].array", "3 comes within or before 0-5") {
      $0.array(2, [0, 3], [1, 1], [6, 6])
    },
    submit("an index too large", .invalid, "tasks[2].array", "2000000001", "2000000000") {
      $0.array(2, [2_000_000_001], [1], [1])
    },
    submit("indices that overflow", .invalid, "tasks[2].array", "is too large") {
      $0.array(2, [.max], [.max], [9_000_000])
    },
    submit("an array of more than there may be", .tooLarge, "tasks", "10000000") {
      $0.array(2, [0], [1], [10_000_001])
    },
    submit("arrays whose sum overflows", .tooLarge, "tasks", "10000000") {
      $0.array(2, [0, 1, 2], [1, 1, 1], [.max, .max, .max])
    },
    submit("an array of which columns disagree", .invalid, "tasks.arrays[0].steps", "2 entries") {
      $0.array(2, [0], [1, 1], [3])
    },
    submit("an array of no entry", .invalid, "tasks.arrays", "place 3") { $0.array(3, [0], [1], [3]) },
    submit("two arrays of one entry", .invalid, "tasks", "entry 2, out of order") {
      $0.tasks.arrays.append($0.tasks.arrays[0])
    },
    submit("fewer values than tasks", .invalid, "tasks[2].values", "1 values for 3 tasks") {
      $0.tasks.arrays[0].values = .with { ($0.data, $0.ends) = (Data("v".utf8), [1]) }
    },
    submit("values that end past their bytes", .invalid, "tasks.arrays[0].values.ends", "the last is 9") {
      $0.tasks.arrays[0].values.ends = [1, 2, 9]
    },
    submit("a value that is not UTF-8", .invalid, "tasks[2].values", "UTF-8") {
      $0.tasks.arrays[0].values = .with { ($0.data, $0.ends) = (Data([0x61, 0x62, 0xff]), [1, 2, 3]) }
    },
  ]
}

extension Reeve_V1_Variable {
  static func of(_ name: String, _ value: String) -> Reeve_V1_Variable {
    .with { ($0.name, $0.value) = (name, value) }
  }
}

extension Reeve_V1_OuterDependency {
  fileprivate static func of(
    _ entry: UInt32,
    _ job: String,
    task: String = "",
    kind: UInt32 = 0
  ) -> Reeve_V1_OuterDependency {
    .with { ($0.entry, $0.job, $0.task, $0.kind) = (entry, job, task, kind) }
  }
}

extension Reeve_V1_JobSpec {
  fileprivate mutating func array(
    _ entry: UInt32,
    _ firsts: [UInt32],
    _ steps: [UInt32],
    _ counts: [UInt32]
  ) {
    tasks.arrays = [
      .with { ($0.entry, $0.firsts, $0.steps, $0.counts) = (entry, firsts, steps, counts) }
    ]
  }
}
