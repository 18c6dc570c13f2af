import Foundation
import GRPCCore
import ReeveModel
import ReeveShell
import ReeveWire
import SwiftProtobuf
import Testing

extension ClusterTests {
  /// What a faulty or hostile program may send: refused with a status, a code of ours and one message that helps; nothing is
  /// changed, and the same connection serves on.
  @Suite("Bad requests", .timeLimit(.minutes(5))) struct BadRequestTests {
    @Test(arguments: BadRequest.groups)
    func `are refused with a message that helps`(group: BadRequest.Group) async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let pids = try ["master", "rack", "agent"].map { try cluster.pid($0) }
        try await API.run(cluster) { api in
          let good = try await api.scheduler.submit(.with { $0.job = BadRequest.job })
          #expect(!good.hasProblem, "\(good.problem)")
          let before = try await api.state()
          for request in group.requests {
            await request.check(api)
            #expect(try await api.state() == before, "\(request) changed something")
          }
        }
        #expect(try await cluster.reeve("run", "--", "echo", "well").stdout == "well\n")
        #expect(pids.allSatisfy(Processes.isAlive), "nobody died of it")
        for log in ["master", "rack-0", "node-0"] {
          #expect(!cluster.log(log).contains("Fatal error"), "\(cluster.log(log).suffix(2_000))")
        }
      }
    }

    @Test func `there are enough cases`() {
      let all = BadRequest.groups.flatMap(\.requests)
      #expect(all.count >= 60 && Set(all.map(\.description)).count == all.count, "\(all.count)")
    }
  }
}

/// One of them.
struct BadRequest: Sendable, CustomStringConvertible {
  struct Group: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var requests: [BadRequest]
  }

  static let groups = [
    Group(testDescription: "jobs", requests: jobs),
    Group(testDescription: "entries of jobs", requests: entries),
    Group(testDescription: "jobs in chunks", requests: chunks),
    Group(testDescription: "questions", requests: questions),
    Group(testDescription: "orders", requests: orders),
    Group(testDescription: "calls", requests: calls),
    Group(testDescription: "sessions", requests: sessions),
  ]

  let description: String
  /// Of the call; `.ok` where it is answered, and the answer holds the problem.
  let status: Status.Code
  let code: Refusal.Code
  let field: String
  let says: [String]
  /// Sends it, perhaps in several ways, and gives the problems that were answered.
  let send: @Sendable (API) async throws -> [Reeve_V1_Problem]

  func check(_ api: API) async {
    do {
      for problem in try await send(api) {
        check(.ok, Refusal.Code(rawValue: problem.code), problem.field, problem.message)
      }
    } catch let error as RPCError {
      let refusal = Refusal(status: error)
      check(Status.Code(error.code), refusal?.code, refusal?.field ?? "", error.message)
    } catch { Issue.record("\(self): \(error)") }
  }

  private func check(_ status: Status.Code, _ code: Refusal.Code?, _ field: String, _ message: String) {
    #expect(status == self.status && code == self.code, "\(self): \(status), \(code as Any): \(message)")
    #expect(field == self.field, "\(self): \(message)")
    for part in says {
      #expect(message.contains(part), "\(self): no \(part.debugDescription) in: \(message)")
    }
    #expect((10..<1_000).contains(message.utf8.count), "\(self): \(message.utf8.count) bytes are no message")
    #expect(message.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "\(self): controls reach the terminal")
  }
}

extension BadRequest {
  /// A job of `a`, `b` after `a`, and an array `c`, that is held.
  static let job = Reeve_V1_JobSpec.with { job in
    job.id = "good"
    job.held = true
    job.templates = [
      .with {
        $0.command = ["true"]
        $0.resources.cpuMillis = 1_000
        $0.timeLimitMicros = 60_000_000
      }
    ]
    job.tasks.names.data = Data("abc".utf8)
    job.tasks.names.ends = [1, 2, 3]
    job.tasks.templates = [0, 0, 0]
    job.tasks.arguments.strings.data = Data("x".utf8)
    job.tasks.arguments.strings.ends = [1]
    job.tasks.arguments.ends = [0, 1, 1]
    job.tasks.dependencyEnds = [0, 1, 1]
    job.tasks.dependencies = [0]
    job.tasks.arrays = [
      .with {
        $0.entry = 2
        $0.firsts = [0]
        $0.steps = [1]
        $0.counts = [3]
      }
    ]
  }

  static let long = String(repeating: "a", count: 5_000)

  /// The good job under another id, made bad, as a call and between two good ones on a stream.
  static func submit(
    _ description: String,
    _ code: Refusal.Code,
    _ field: String,
    _ says: String...,
    change: @escaping @Sendable (inout Reeve_V1_JobSpec) -> Void
  ) -> BadRequest {
    BadRequest(description: description, status: .ok, code: code, field: field, says: says) { api in
      var bad = job
      bad.id = "bad"
      change(&bad)
      let alone = try await api.scheduler.submit(.with { [bad] in $0.job = bad })
      let replies = try await api.submit([job, bad, job])
      #expect(replies.map(\.hasProblem) == [false, true, false], "\(description): \(replies)")
      return [alone.problem, replies[1].problem]
    }
  }

  /// As a call and between two good questions on a stream.
  static func ask(
    _ description: String,
    _ code: Refusal.Code,
    _ field: String,
    _ says: String...,
    change: @escaping @Sendable (inout Reeve_V1_Query) -> Void
  ) -> BadRequest {
    BadRequest(description: description, status: .ok, code: code, field: field, says: says) { api in
      let bad = Reeve_V1_Query.with(change)
      let nodes = Reeve_V1_Query.with { $0.nodes = Reeve_V1_NodesQuery() }
      let answers = try await api.ask([nodes, bad, nodes])
      #expect(answers.map(\.hasProblem) == [false, true, false], "\(description): \(answers)")
      return [try await api.scheduler.ask(bad).problem, answers[1].problem]
    }
  }

  static func order(
    _ description: String,
    _ code: Refusal.Code,
    _ field: String,
    _ says: String...,
    change: @escaping @Sendable (inout Reeve_V1_OrderRequest) -> Void
  ) -> BadRequest {
    BadRequest(description: description, status: .ok, code: code, field: field, says: says) { api in
      [try await api.scheduler.order(.with(change)).problem]
    }
  }

  /// Cancels what a selector means.
  static func cancel(
    _ description: String,
    _ code: Refusal.Code,
    _ field: String,
    _ says: String...,
    what: @escaping @Sendable (inout Reeve_V1_TaskSelector) -> Void
  ) -> BadRequest {
    BadRequest(description: description, status: .ok, code: code, field: field, says: says) { api in
      let order = Reeve_V1_OrderRequest.with {
        $0.cancel = Reeve_V1_CancelOrder()
        $0.what = [.with(what)]
      }
      return [try await api.scheduler.order(order).problem]
    }
  }

  static func stage(
    _ description: String,
    _ code: Refusal.Code,
    _ field: String,
    _ says: String...,
    chunks: @escaping @Sendable () -> [Reeve_V1_SubmitChunk]
  ) -> BadRequest {
    BadRequest(description: description, status: .ok, code: code, field: field, says: says) { api in
      let reply = try await api.scheduler.submitLarge { writer in
        for chunk in chunks() { try await writer.write(chunk) }
      }
      return [reply.problem]
    }
  }

  /// A call that fails as a whole.
  static func call(
    _ description: String,
    _ status: Status.Code,
    _ code: Refusal.Code,
    _ field: String,
    _ says: String...,
    body: @escaping @Sendable (API) async throws -> Void
  ) -> BadRequest {
    BadRequest(description: description, status: status, code: code, field: field, says: says) { api in
      try await body(api)
      Issue.record("\(description): is taken")
      return []
    }
  }
}

extension API {
  /// All that a bad request might have changed.
  func state() async throws -> [Reeve_V1_Answer] {
    try await ask([
      .with { $0.jobs.all = true }, .with { $0.tasks = Reeve_V1_TasksQuery() },
      .with { $0.racks = Reeve_V1_RacksQuery() }, .with { $0.policy = Reeve_V1_PolicyQuery() },
    ])
  }

  func submit(_ jobs: [Reeve_V1_JobSpec]) async throws -> [Reeve_V1_SubmitReply] {
    try await scheduler.submissions { writer in
      for job in jobs { try await writer.write(.with { $0.job = job }) }
    } onResponse: { response in
      try await response.messages.reduce(into: []) { $0.append($1) }
    }
  }

  func ask(_ queries: [Reeve_V1_Query]) async throws -> [Reeve_V1_Answer] {
    try await scheduler.queries { writer in
      for query in queries { try await writer.write(query) }
    } onResponse: { response in
      try await response.messages.reduce(into: []) { $0.append($1) }
    }
  }
}
