import GRPCCore
import ReeveCore
import ReeveModel
import ReeveShell
import ReeveWire

/// What people and programs ask. Parsing and what needs no other state are checked here, beside the thread of decision.
struct SchedulerService: Reeve_V1_Scheduler.SimpleServiceProtocol {
  let shell: MasterShell

  /// Requests of one stream that are not answered yet.
  private static let window = 64

  @concurrent func submit(request: Reeve_V1_SubmitRequest, context: ServerContext) async throws
    -> Reeve_V1_SubmitReply
  {
    Reeve_V1_SubmitReply(await submit(request.job).value)
  }

  @concurrent func submitLarge(
    request: RPCAsyncSequence<Reeve_V1_SubmitChunk, any Error>,
    context: ServerContext
  ) async throws -> Reeve_V1_SubmitReply {
    var staging = JobStaging()
    for try await chunk in request {
      do {
        guard let spec = try staging.take(chunk) else { continue }
        return Reeve_V1_SubmitReply(await submit(spec).value)
      } catch {
        return Reeve_V1_SubmitReply(.failure(Refusal(ofRequest: error)))
      }
    }
    let message =
      "the job ended before its commit, and nothing changed. Send how many tasks it has as the last chunk."
    return Reeve_V1_SubmitReply(.failure(Refusal(.invalid, field: "commit", message)))
  }

  @concurrent func submissions(
    request: RPCAsyncSequence<Reeve_V1_SubmitRequest, any Error>,
    response: RPCWriter<Reeve_V1_SubmitReply>,
    context: ServerContext
  ) async throws {
    try await answerInOrder(request, response, ask: { submit($0.job) }) { Reeve_V1_SubmitReply($0) }
  }

  @concurrent func ask(request: Reeve_V1_Query, context: ServerContext) async throws -> Reeve_V1_Answer {
    Reeve_V1_Answer(shell.complete(await ask(request).value))
  }

  @concurrent func queries(
    request: RPCAsyncSequence<Reeve_V1_Query, any Error>,
    response: RPCWriter<Reeve_V1_Answer>,
    context: ServerContext
  ) async throws {
    try await answerInOrder(request, response, ask: { ask($0) }) { [shell] in
      Reeve_V1_Answer(shell.complete($0))
    }
  }

  @concurrent func order(request: Reeve_V1_OrderRequest, context: ServerContext) async throws
    -> Reeve_V1_OrderReply
  {
    var answer = Reeve_V1_OrderReply()
    do {
      let order = try UserOrder(wire: request)
      let what = request.what.map { TaskSelector(wire: $0) }
      try order.validate(of: what)
      let count = try await shell.ask(shell.orders, { .ordered($0, order, what) }).value.get()
      answer.ordered = UInt64(count)
    } catch { answer.problem = Reeve_V1_Problem(Refusal(ofRequest: error)) }
    return answer
  }

  @concurrent func forgetNode(request: Reeve_V1_ForgetNodeRequest, context: ServerContext) async throws
    -> Reeve_V1_ForgetNodeReply
  {
    var answer = Reeve_V1_ForgetNodeReply()
    do {
      try TaskName.validate(request.node, of: "node", field: "node")
      let count = try await shell.ask(shell.forgets, { .forgetRequested($0, node: request.node) }).value.get()
      answer.waited = UInt64(count)
    } catch { answer.problem = Reeve_V1_Problem(Refusal(ofRequest: error)) }
    return answer
  }

  @concurrent func watch(
    request: Reeve_V1_WatchRequest,
    response: RPCWriter<Reeve_V1_JobProgress>,
    context: ServerContext
  ) async throws {
    let jobs = request.jobs.map { JobID($0) }
    for (i, job) in jobs.enumerated() { try job.validate(field: "jobs[\(i)]") }
    let number = shell.nextRequest()
    let outbox = Outbox<MasterShell.WatchMessage>()
    shell.watches.insert(outbox, for: number)
    defer {
      _ = shell.watches.remove(number)
      shell.post(.closed(number))
    }
    shell.post(.watchOpened(number, jobs))
    while let messages = await outbox.next() {
      for message in messages {
        switch message {
        case .progress(let progress): try await response.write(Reeve_V1_JobProgress(progress))
        case .ended(nil): return
        case .ended(let refusal?): throw refusal
        }
      }
    }
  }

  @concurrent func logs(
    request: Reeve_V1_LogsRequest,
    response: RPCWriter<Reeve_V1_LogsReply>,
    context: ServerContext
  ) async throws {
    try await LogRelay(shell: shell, request: request, response: response).run()
  }

  private func submit(_ wire: Reeve_V1_JobSpec) -> Reply<Result<Submission, Refusal>> {
    do {
      return submit(try JobSpec(wire: wire))
    } catch {
      let reply = Reply<Result<Submission, Refusal>>()
      reply.give(.failure(Refusal(ofRequest: error)))
      return reply
    }
  }

  private func submit(_ spec: JobSpec) -> Reply<Result<Submission, Refusal>> {
    let reply = Reply<Result<Submission, Refusal>>()
    do {
      try spec.validate()
      shell.submit(spec, reply)
    } catch {
      reply.give(.failure(error))
    }
    return reply
  }

  private func ask(_ wire: Reeve_V1_Query) -> Reply<Answer> {
    do {
      let query = try Query(wire: wire)
      try query.validate()
      return shell.ask(shell.answers) { .asked($0, query) }
    } catch {
      let reply = Reply<Answer>()
      reply.give(.refused(Refusal(ofRequest: error)))
      return reply
    }
  }

  /// Takes in requests as they come, a window of them at a time, and answers them in their order.
  @concurrent private func answerInOrder<In: Sendable, Out: Sendable, Value: Sendable>(
    _ requests: RPCAsyncSequence<In, any Error>,
    _ response: RPCWriter<Out>,
    ask: @escaping @Sendable (In) -> Reply<Value>,
    answer: @escaping @Sendable (Value) -> Out
  ) async throws {
    let asked = Outbox<Reply<Value>>()
    let room = Window(Self.window)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { asked.close() }
        for try await request in requests {
          await room.enter()
          asked.post(ask(request))
        }
      }
      group.addTask {
        while let replies = await asked.next() {
          for reply in replies {
            let value = await reply.value
            room.leave()
            try await response.write(answer(value))
          }
        }
      }
      try await group.waitForAll()
    }
  }
}

extension Reeve_V1_SubmitReply {
  fileprivate init(_ result: Result<Submission, Refusal>) {
    self.init()
    switch result {
    case .success(let submission):
      id = submission.id.text
      tasks = UInt64(submission.tasks)
      known = submission.known
    case .failure(let refusal): problem = Reeve_V1_Problem(refusal)
    }
  }
}
