import Foundation
import GRPCCore
import ReeveModel
import ReeveWire
import SwiftProtobuf
import Testing

extension BadRequest {
  private static let head = Reeve_V1_SubmitChunk.with {
    $0.head = job
    $0.head.id = "bad"
    $0.head.clearTasks()
  }
  private static let tasks = Reeve_V1_SubmitChunk.with { $0.tasks = job.tasks }
  private static func commit(_ count: UInt64) -> Reeve_V1_SubmitChunk { .with { $0.commit.tasks = count } }

  static let chunks: [BadRequest] = [
    stage("no chunk", .invalid, "commit", "ended before") { [] },
    stage("a head and no more", .invalid, "commit", "ended before") { [head] },
    stage("no commit", .invalid, "commit", "ended before") { [head, tasks] },
    stage("a chunk of nothing", .invalid, "", "nothing known in it") { [head, .init()] },
    stage("tasks before their head", .invalid, "tasks", "before the head") { [tasks, head, commit(3)] },
    stage("a commit before its head", .invalid, "commit", "before the head") { [commit(0)] },
    stage("two heads", .invalid, "head", "a second head") { [head, head] },
    stage("a commit of fewer", .invalid, "commit.tasks", "2 where 3 tasks came") {
      [head, tasks, commit(2)]
    },
    stage("a commit of more", .invalid, "commit.tasks", "where 3 tasks came") {
      [head, tasks, commit(.max)]
    },
    stage("a dependency past the end", .invalid, "tasks.dependencies", "place 9") {
      [head, .with { ($0.tasks, $0.tasks.dependencies) = (job.tasks, [9]) }, commit(3)]
    },
    stage("a template that is not in the head", .invalid, "tasks.templates", "place 5") {
      [head, .with { ($0.tasks, $0.tasks.templates) = (job.tasks, [0, 5, 0]) }]
    },
    stage("the same tasks twice", .duplicate, "tasks[3].id", "\"a\" is the id of tasks[0]") {
      [head, tasks, tasks, commit(6)]
    },
  ]

  static let questions: [BadRequest] = [
    ask("no question", .invalid, "question", "none that this version knows") { _ in },
    ask("jobs by an id that is none", .invalid, "job", "\"a/b\" is no job id") { $0.jobs.job = "a/b" },
    ask("jobs by an id of 5,000 letters", .invalid, "job", "1 to 64") { $0.jobs.job = long },
    ask("a job that there is not", .notFound, "job", "\"nothing\"", "reeve ps") { $0.jobs.job = "nothing" },
    ask("jobs of a user with a control character", .invalid, "user", "\\u{1B}") { $0.jobs.user = "\u{1b}c" },
    ask("a page of jobs that there is not", .invalid, "jobs.before", "too large") { $0.jobs.before = .max },
    ask("tasks of a job that there is not", .notFound, "job", "\"nothing\"") {
      $0.tasks.what.job = "nothing"
    },
    ask("tasks of a job that is none", .invalid, "job", "\\u{07}") { $0.tasks.what.job = "a\u{7}" },
    ask("a task of no job", .invalid, "job", "no job") { $0.tasks.what.task = "a" },
    ask("a task that there is not", .notFound, "task", "no task \"z\"") {
      ($0.tasks.what.job, $0.tasks.what.task) = ("good", "z")
    },
    ask("a task that is none", .invalid, "task", "\"a/b\" is no task name") {
      ($0.tasks.what.job, $0.tasks.what.task) = ("good", "a/b")
    },
    ask("an index that there is not", .notFound, "task", "index 9") {
      ($0.tasks.what.job, $0.tasks.what.task) = ("good", "c.9")
    },
    ask("tasks in a state that there is not", .invalid, "state", "\"done\"", "completed") {
      $0.tasks.what.state = "done"
    },
    ask("tasks with a label without a name", .invalid, "label", "no name") { $0.tasks.what.label = .init() },
    ask("tasks of a user of 5,000 letters", .invalid, "user", "5000 bytes") { $0.tasks.what.user = long },
    ask("a page of tasks that there is not", .invalid, "tasks.after", "too large") { $0.tasks.after = .max },
    ask("why nothing waits", .invalid, "job", "no job is named") { $0.explain = .init() },
    ask("why a job that there is not waits", .notFound, "job", "\"nothing\"") { $0.explain.job = "nothing" },
    ask("why several tasks wait", .invalid, "task", "5 tasks", "good/a") { $0.explain.job = "good" },
  ]

  static let orders: [BadRequest] = [
    order("no order", .invalid, "order", "no order") { $0.what = [.with { $0.job = "good" }] },
    order("an order of nothing", .invalid, "what", "nothing is selected") { $0.cancel = .init() },
    order("a priority to set that is out of range", .invalid, "priority", "1000001 is out of range") {
      $0.priority.priority = 1_000_001
    },
    order("a policy that there is not", .invalid, "policy", "\"lifo\" is no policy", "fcfs, priority") {
      $0.policy.name = "lifo"
    },
    order("a term that there is not", .invalid, "terms[1].factor", "\"sise\" is no term", "\"size\"") {
      $0.policy.name = "priority"
      $0.policy.criteria.terms = [.with { $0.factor = "age" }, .with { $0.factor = "sise" }]
    },
    order("a term by nothing", .invalid, "terms[0].per", "0 would be divided by", "1h") {
      $0.policy.name = "priority"
      $0.policy.criteria.terms = [.with { ($0.factor, $0.per) = ("age", 0) }]
    },
    order("a user who is due nothing", .invalid, "shares.ada", "0 would be divided by") {
      $0.policy.name = "fair"
      $0.policy.criteria.terms = [.with { ($0.factor, $0.per) = ("priority", 1) }]
      $0.policy.criteria.shares = [.with { $0.user = "ada" }]
    },
    order("a policy of 5,000 letters", .invalid, "policy", "aaa…") { $0.policy.name = long },
    order("a policy of one job", .invalid, "what", "the whole cluster") {
      $0.policy.name = "priority"
      $0.what = [.with { $0.job = "good" }]
    },
    order("a job to close that is not open", .conflict, "job", "\"good\" is not an open one") {
      $0.close = .init()
      $0.what = [.with { $0.job = "good" }]
    },
    order("a part of a job to close", .invalid, "job", "\"good/a\" is not a whole job") {
      $0.close = .init()
      $0.what = [.with { ($0.job, $0.task) = ("good", "a") }]
    },
    order("one job that is, and one that is not", .notFound, "job", "\"nothing\"") {
      $0.hold = .init()
      $0.what = [.with { $0.job = "good" }, .with { $0.job = "nothing" }]
    },
    cancel("a job that there is not to cancel", .notFound, "job", "\"nothing\"") { $0.job = "nothing" },
    cancel("a job that is none to cancel", .invalid, "job", "\"a/b\"") { $0.job = "a/b" },
    cancel("an index that there is not to cancel", .notFound, "task", "index 7") { $0.job = "good.7" },
    cancel("indices backwards to cancel", .notFound, "job", "\"good.3-1\"") { $0.job = "good.3-1" },
    cancel("all of the cluster to cancel", .invalid, "job", "no job is named") { _ in },
    cancel("a task of no job to cancel", .invalid, "job", "no job") { $0.task = "a" },
    cancel("a state that there is not to cancel", .invalid, "state", "\"ended\"", "failed") {
      $0.state = "ended"
    },
    cancel("a state that nothing is in to cancel", .notFound, "task", "is failed") { $0.state = "failed" },
    cancel("a label that nothing bears to cancel", .notFound, "task", "a=b") { $0.label = .of("a", "b") },
    cancel("a user who has nothing to cancel", .notFound, "task", "nobody") { $0.user = "nobody" },
    cancel("a user of two lines to cancel", .invalid, "user", "one line") { $0.user = "a\nb" },
    forget("a node to forget without a name", .invalid, "\"\" is no node name", node: ""),
    forget("a node that is none", .invalid, "\"a/b\" is no node name", node: "a/b"),
    forget("a node of 5,000 letters", .invalid, "5000 bytes", node: long),
    forget("a node that there is not", .notFound, "\"nobody\"", "reeve nodes", node: "nobody"),
    forget("a node that is not lost", .conflict, "\"node-0\" is not lost", node: "node-0"),
    logs("output of nothing", .invalid, "job", "no job is named"),
    logs("output of a task of no job", .invalid, "job", "no job", task: "a"),
    logs("output of a job that is none", .invalid, "job", "\"a/b\"", job: "a/b"),
    logs("output of a job that there is not", .notFound, "job", "\"nothing\"", job: "nothing"),
    logs("output of several tasks", .invalid, "task", "3 tasks", job: "good", task: "c"),
  ]

  static let calls: [BadRequest] = [
    call("a watch of a job that there is not", .notFound, .notFound, "job", "\"nothing\"") {
      try await $0.watch("good", "nothing")
    },
    call("a watch of a job that is none", .invalidArgument, .invalid, "jobs[1]", "\"a/b\"") {
      try await $0.watch("good", "a/b")
    },
    call("garbage for a job", .invalidArgument, .syntax, "", "Submit", "cannot be read", "proto/reeve/v1") {
      try await $0.send([[0xff, 0xff, 0xff]], to: "Submit")
    },
    call("a job cut in the middle", .invalidArgument, .syntax, "", "end in the middle") {
      let whole: [UInt8] = try Reeve_V1_SubmitRequest.with { $0.job = job }.serializedBytes()
      try await $0.send([whole.dropLast(3)], to: "Submit")
    },
    call("an id that is not UTF-8", .invalidArgument, .syntax, "", "not UTF-8") {
      try await $0.send([[0x0a, 4, 0x0a, 2, 0xff, 0xfe]], to: "Submit")
    },
    call("a field of the wrong type", .invalidArgument, .syntax, "", "Submit", "cannot be read") {
      try await $0.send([[0x0a, 4, 0x0a, 0xff, 0xff, 0xff]], to: "Submit")
    },
    call("garbage among questions", .invalidArgument, .syntax, "", "Queries", "cannot be read") {
      try await $0.send([[], [7, 7, 7]], to: "Queries")
    },
    call("garbage among jobs", .invalidArgument, .syntax, "", "Submissions", "cannot be read") {
      try await $0.send([[], [7, 7, 7]], to: "Submissions")
    },
    call("garbage among chunks", .invalidArgument, .syntax, "", "SubmitLarge", "cannot be read") {
      let head: [UInt8] = try head.serializedBytes()
      try await $0.send([head, [7, 7, 7]], to: "SubmitLarge")
    },
    call("a question without a token", .unauthenticated, .denied, "", "REEVE_TOKEN_FILE") {
      _ = try await Reeve_V1_Scheduler.Client(wrapping: $0.stranger).ask(.init())
    },
    call("a job without a token", .unauthenticated, .denied, "", "REEVE_TOKEN_FILE") {
      _ = try await Reeve_V1_Scheduler.Client(wrapping: $0.stranger).submit(.with { $0.job = job })
    },
    call("an order without a token", .unauthenticated, .denied, "", "REEVE_TOKEN_FILE") {
      let order = Reeve_V1_OrderRequest.with { $0.policy.name = "priority" }
      _ = try await Reeve_V1_Scheduler.Client(wrapping: $0.stranger).order(order)
    },
    call("a place without a token", .unauthenticated, .denied, "", "REEVE_TOKEN_FILE") {
      _ = try await Reeve_V1_Directory.Client(wrapping: $0.stranger).locate(.with { $0.node = "x" })
    },
    locate("a place for a node that is none", .invalid, "node", "\"a/b\"") { $0.node = "a/b" },
    locate("a place in a rack that is none", .invalid, "rack", "\"a b\"") { $0.rack = "a b" },
    locate("a place in another cluster", .conflict, "", "\"x\"", "belong to cluster") {
      $0.cluster = Data(repeating: 7, count: 16)
    },
    locate("a place in no cluster", .conflict, "", "\"x\"") { $0.cluster = Data([7]) },
  ]

  static let sessions: [BadRequest] = [
    rack("a rack that begins with a beat", .invalid, "", "begins with its hello") {
      [.with { $0.heartbeat = .init() }]
    },
    rack("a rack that says nothing", .invalid, "", "begins with its hello") { [.init()] },
    rack("a rack of another protocol", .conflict, "", "protocol 9") { [hello { $0.protocol = 9 }] },
    rack("a rack of another cluster", .conflict, "", "another cluster") {
      [hello { $0.cluster = Data([7]) }]
    },
    rack("a claim that there is not", .invalid, "claim", "9") { [hello { $0.claim = 9 }] },
    rack("a spare with a name", .invalid, "rack", "\"x\"") { [hello { $0.rack = "x" }] },
    rack("a rack with a name of two lines", .invalid, "rack", "\"a\\nb\"") {
      [hello { ($0.claim, $0.rack) = (0, "a\nb") }]
    },
    rack("a rack at no address", .invalid, "address", "\\u{1B}", "HOST:PORT") {
      [hello { $0.address = "\u{1b}[31m" }]
    },
    rack("a rack that says hello twice", .invalid, "", "said once") { [hello(), hello()] },
    rack("a rack's columns that disagree", .invalid, "statement.running.tasks", "1 entries") {
      [hello(), .with { $0.statement.running.tasks = [1] }]
    },
    rack("a rack with less than nothing", .invalid, "report.offer.total.memory", "-1") {
      [hello(), .with { $0.report.offer.total.memory = -1 }]
    },
    rack("an end for a reason that there is not", .invalid, "report.ends.reasons[0]", "99") {
      [hello(), .with { $0.report.ends = end { $0.reasons = [99] } }]
    },
    rack("an end before the beginning of time", .invalid, "report.ends.ended_micros[0]", "-1") {
      [hello(), .with { $0.report.ends = end { $0.endedMicros = [-1] } }]
    },
    rack("a task whose number is none", .invalid, "report.ends.tasks[0]", "18446744073709551615") {
      [hello(), .with { $0.report.ends = end { $0.tasks = [.max] } }]
    },
    rack("a node in a state that there is not", .invalid, "report.nodes[0].state", "\"ill\"") {
      [hello(), .with { $0.report.nodes = [.with { $0.state = "ill" }] }]
    },
    node("a node of another protocol", .conflict, "", "protocol 9") { $0.protocol = 9 },
    node("a node of another cluster", .conflict, "", "another cluster") { $0.cluster = Data([1]) },
    node("a node of a rack that is elsewhere", .unavailable, "", "rack 7") { $0.rack = 7 },
    node("a node without a name", .invalid, "name", "\"\"") { $0.name = "" },
    node("a node with a control character", .invalid, "name", "\\u{1B}") { $0.name = "a\u{1b}" },
    node("a node at no address", .invalid, "address", "HOST:PORT") { $0.address = "here" },
    node("a node with less than nothing", .invalid, "total.cpu_millis", "-1") { $0.total.cpuMillis = -1 },
    node("a node with more than there is", .invalid, "total.memory", "9223372036854775807") {
      $0.total.memory = .max
    },
    node("a node's columns that disagree", .invalid, "running.tasks", "0 entries") {
      $0.running.attempts = [1]
    },
    node("what runs and holds nothing", .invalid, "held", "0 entries") {
      $0.running = .with { ($0.attempts, $0.tasks, $0.nodes, $0.startedMicros) = ([1], [1], [1], [1]) }
    },
    node("a generation that is none", .invalid, "obeyed.term", "4294967295") { $0.obeyed.term = .max },
  ]

  private static func forget(_ description: String, _ code: Refusal.Code, _ says: String..., node: String)
    -> BadRequest
  {
    BadRequest(description: description, status: .ok, code: code, field: "node", says: says) { api in
      [try await api.scheduler.forgetNode(.with { $0.node = node }).problem]
    }
  }

  private static func logs(
    _ description: String,
    _ code: Refusal.Code,
    _ field: String,
    _ says: String...,
    job: String = "",
    task: String = ""
  ) -> BadRequest {
    BadRequest(description: description, status: .ok, code: code, field: field, says: says) { api in
      try await api.scheduler.logs(.with { ($0.job, $0.task, $0.stdout) = (job, task, true) }) { response in
        try await response.messages.reduce(into: []) { $0.append($1.problem) }
      }
    }
  }

  /// Of what fails a call or ends a stream.
  private static func status(of code: Refusal.Code) -> Status.Code {
    switch code {
    case .conflict: .failedPrecondition
    case .unavailable: .unavailable
    default: .invalidArgument
    }
  }

  private static func locate(
    _ description: String,
    _ code: Refusal.Code,
    _ field: String,
    _ says: String...,
    change: @escaping @Sendable (inout Reeve_V1_LocateRequest) -> Void
  ) -> BadRequest {
    BadRequest(description: description, status: status(of: code), code: code, field: field, says: says) {
      api in
      var request = Reeve_V1_LocateRequest.with { $0.node = "x" }
      change(&request)
      _ = try await Reeve_V1_Directory.Client(wrapping: api.master).locate(request)
      Issue.record("\(description): is taken")
      return []
    }
  }

  /// Of a spare, which leaves no trace.
  private static func hello(_ change: (inout Reeve_V1_RackHello) -> Void = { _ in }) -> Reeve_V1_RackUp {
    .with {
      $0.hello.protocol = 1
      $0.hello.claim = UInt32(RackHello.Claim.spare.rawValue)
      $0.hello.address = "127.0.0.1:1"
      change(&$0.hello)
    }
  }

  private static func end(_ change: (inout Reeve_V1_EndColumns) -> Void) -> Reeve_V1_EndColumns {
    .with {
      ($0.attempts, $0.tasks, $0.nodes, $0.reasons, $0.statuses) = ([1], [1], [1], [1], [1])
      ($0.startedMicros, $0.endedMicros) = ([1], [2])
      change(&$0)
    }
  }

  private static func rack(
    _ description: String,
    _ code: Refusal.Code,
    _ field: String,
    _ says: String...,
    messages: @escaping @Sendable () -> [Reeve_V1_RackUp]
  ) -> BadRequest {
    BadRequest(description: description, status: status(of: code), code: code, field: field, says: says) {
      api in
      try await api.open(rack: messages())
      Issue.record("\(description): is taken")
      return []
    }
  }

  /// A node's statement, made bad.
  private static func node(
    _ description: String,
    _ code: Refusal.Code,
    _ field: String,
    _ says: String...,
    change: @escaping @Sendable (inout Reeve_V1_NodeStatement) -> Void
  ) -> BadRequest {
    BadRequest(description: description, status: status(of: code), code: code, field: field, says: says) {
      api in
      var up = Reeve_V1_NodeUp()
      up.statement.protocol = 1
      up.statement.cluster = api.cluster
      up.statement.node = 99
      up.statement.name = "stranger"
      up.statement.address = "127.0.0.1:1"
      up.statement.rack = 1
      change(&up.statement)
      try await api.open(node: up)
      Issue.record("\(description): is taken")
      return []
    }
  }
}

extension API {
  fileprivate func watch(_ jobs: String...) async throws {
    try await scheduler.watch(.with { $0.jobs = jobs }) { response in
      for try await _ in response.messages {}
    }
  }
}
