import GRPCCore
package import ReeveModel
import ReeveShell
import ReeveWire

/// What a submission made.
package struct Submitted: Hashable, Sendable {
  package var id: JobID
  package var tasks: Int
  /// The very same job had been submitted before.
  package var known: Bool

  package init(id: JobID, tasks: Int, known: Bool) {
    self.id = id
    self.tasks = tasks
    self.known = known
  }

  init(wire: Reeve_V1_SubmitReply) throws {
    if wire.hasProblem { throw try Refusal(wire: wire.problem) }
    self.init(id: JobID(wire.id), tasks: Int(clamping: wire.tasks), known: wire.known)
  }
}

extension ReeveClient {
  /// Above so many bytes a job travels in chunks.
  private static var unaryBytesMax: Int { 900 << 10 }

  /// The same job again is answered as the first time: after an unclear answer it may be submitted again.
  @concurrent package func submit(_ job: JobSpec) async throws -> Submitted {
    job.wireBytesMax > Self.unaryBytesMax ? try await submitLarge(job) : try await submitSmall(job)
  }

  private func submitSmall(_ job: JobSpec) async throws -> Submitted {
    let request = Reeve_V1_SubmitRequest(job)
    let reply = try await call { stub in try await stub.submit(request, options: callOptions) }
    return try Submitted(wire: reply)
  }

  private func submitLarge(_ job: JobSpec) async throws -> Submitted {
    let reply = try await call { stub in
      try await stub.submitLarge(
        options: callOptions,
        requestProducer: { writer in
          for chunk in job.chunks() { try await writer.write(chunk) }
        }
      )
    }
    return try Submitted(wire: reply)
  }

  /// - Returns: for how many tasks the order changes something.
  @concurrent package func order(_ order: UserOrder, _ what: [TaskSelector]) async throws -> Int {
    let wire = Reeve_V1_OrderRequest(order, of: what)
    let reply = try await call { [wire] stub in try await stub.order(wire, options: callOptions) }
    if reply.hasProblem { throw try Refusal(wire: reply.problem) }
    return Int(clamping: reply.ordered)
  }

  /// - Returns: how many tasks had waited for the node.
  @concurrent package func forget(node: String) async throws -> Int {
    var wire = Reeve_V1_ForgetNodeRequest()
    wire.node = node
    let reply = try await call { [wire] stub in try await stub.forgetNode(wire, options: callOptions) }
    if reply.hasProblem { throw try Refusal(wire: reply.problem) }
    return Int(clamping: reply.waited)
  }

  /// - Throws: the refusal, where that is the answer.
  @concurrent package func ask(_ query: Query) async throws -> Answer {
    try Self.read(try await send(query), to: query)
  }

  private func send(_ query: Query) async throws -> Reeve_V1_Answer {
    let wire = Reeve_V1_Query(query)
    return try await callOnConnection { try await $0.questions.ask(wire) }
  }

  private static func read(_ wire: Reeve_V1_Answer, to query: Query) throws -> Answer {
    let answer = try Answer(wire: wire, to: query)
    if case .refused(let refusal) = answer { throw refusal }
    return answer
  }

  /// The newest jobs that match, as many as the filter asks for at most.
  @concurrent package func jobs(_ filter: Query.JobFilter) async throws -> [JobProgress] {
    var filter = filter
    let wanted = filter.limit
    var found: [JobProgress] = []
    repeat {
      filter.limit = min(wanted - found.count, 5_000)
      guard case .jobs(let jobs, let next) = try await ask(.jobs(filter)) else { break }
      found += jobs
      filter.before = next
    } while filter.before != 0 && found.count < wanted
    return found
  }

  /// - Throws: `notFound` where there is no such job.
  @concurrent package func job(_ id: JobID) async throws -> JobProgress {
    guard let job = try await jobs(Query.JobFilter(job: id, all: true, limit: 1)).first else {
      throw Refusal(.notFound, "There is no job \"\(id)\". `reeve ps --all` lists what there is.")
    }
    return job
  }

  /// The one task that is meant.
  /// - Throws: `notFound` where there is no such task, `invalid` where several are meant.
  @concurrent package func task(_ what: TaskSelector, details: Bool) async throws -> TaskView {
    var filter = Query.TaskFilter(what: what, limit: 2, details: details)
    var found: [TaskView] = []
    repeat {
      guard case .tasks(let tasks, let next) = try await ask(.tasks(filter)) else { break }
      found += tasks
      filter.after = next
    } while found.count < 2 && filter.after != 0
    guard let task = found.first else {
      throw Refusal(.notFound, field: "task", "No task is meant by \(what.description.quoted).")
    }
    guard found.count == 1 else {
      throw Refusal(
        .invalid,
        field: "task",
        "\(what.description.quoted) is several tasks: say which, such as \(task.job)/\(task.name)."
      )
    }
    return task
  }

  /// All tasks that match, page by page; `filter` says how long a page is.
  @concurrent package func tasks(
    _ filter: Query.TaskFilter,
    page: @Sendable ([TaskView]) async throws -> Void
  ) async throws {
    var answer = try await send(.tasks(filter))
    while true {
      guard case .tasks(let tasks, let after) = try Self.read(answer, to: .tasks(filter)) else { return }
      guard after != 0 else { return try await page(tasks) }
      var next = filter
      next.after = after
      // The master gets the next page ready while this one is made use of.
      async let following = send(.tasks(next))
      try await page(tasks)
      answer = try await following
    }
  }

  /// What waits for its turn, in the order in which it is considered.
  @concurrent package func queue(limit: Int) async throws -> [TaskView] {
    guard case .tasks(let tasks, _) = try await ask(.queue(limit: limit)) else { return [] }
    return tasks
  }

  @concurrent package func explain(_ what: TaskSelector) async throws -> Explanation {
    guard case .explained(let explanation) = try await ask(.explain(what)) else {
      throw Refusal(.unavailable, "The master did not explain \(what.description.quoted).")
    }
    return explanation
  }

  @concurrent package func policy() async throws -> PolicySetting {
    guard case .policy(let setting) = try await ask(.policy) else {
      throw Refusal(.unavailable, "The master did not say which policy it keeps to.")
    }
    return setting
  }

  @concurrent package func nodes() async throws -> [NodeView] {
    guard case .nodes(let nodes) = try await ask(.nodes) else { return [] }
    return nodes
  }

  @concurrent package func frameworks() async throws -> [FrameworkView] {
    guard case .frameworks(let frameworks) = try await ask(.frameworks) else { return [] }
    return frameworks
  }

  @concurrent package func offers() async throws -> [OfferView] {
    guard case .offers(let offers) = try await ask(.offers) else { return [] }
    return offers
  }

  @concurrent package func users() async throws -> [UserView] {
    guard case .users(let users) = try await ask(.users) else { return [] }
    return users
  }

  @concurrent package func roles() async throws -> [RoleView] {
    guard case .roles(let roles) = try await ask(.roles) else { return [] }
    return roles
  }

  @concurrent package func racks() async throws -> [RackView] {
    guard case .racks(let racks) = try await ask(.racks) else { return [] }
    return racks
  }
}

extension Reeve_V1_SubmitRequest {
  init(_ spec: JobSpec) {
    self.init()
    job = Reeve_V1_JobSpec(spec)
  }
}
