import GRPCCore
import ReeveModel
import ReeveShell
import ReeveWire
import Synchronization

/// The questions of one connection, all on one stream: a unary call costs several times as much. It is opened by the first
/// question, and anew by the first after it has failed.
final class QuestionStream: Sendable {
  private typealias Waiting = Reply<Result<Reeve_V1_Answer, any Error>>

  private struct State {
    /// What goes out on the stream that is open.
    var outbox: Outbox<Reeve_V1_Query>?
    /// In the order of their questions, which is that of the answers.
    var waiting: [Waiting] = []
  }

  private let stub: ReeveClient.Stub
  private let state = Mutex(State())

  init(_ stub: ReeveClient.Stub) { self.stub = stub }

  func ask(_ query: Reeve_V1_Query) async throws -> Reeve_V1_Answer {
    let reply = Waiting()
    post(query, reply)
    return try await withTaskCancellationHandler {
      try await reply.value.get()
    } onCancel: {
      // Its answer still comes, and is dropped in its turn.
      reply.give(.failure(CancellationError()))
    }
  }

  private func post(_ query: Reeve_V1_Query, _ reply: Waiting) {
    state.withLock { state in
      state.waiting.append(reply)
      if let outbox = state.outbox { return outbox.post(query) }
      let outbox = Outbox<Reeve_V1_Query>()
      outbox.post(query)
      state.outbox = outbox
      Task { @concurrent in await run(outbox) }
    }
  }

  private func run(_ outbox: Outbox<Reeve_V1_Query>) async {
    do {
      try await stub.queries(
        options: callOptions,
        requestProducer: { writer in
          while let queries = await outbox.next() {
            for query in queries { try await writer.write(query) }
          }
        },
        onResponse: { [self] response in
          for try await answer in response.messages { take()?.give(.success(answer)) }
        }
      )
      end(Refusal(.unavailable, "The master ended the stream."))
    } catch {
      end(error)
    }
  }

  private func take() -> Waiting? {
    state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
  }

  private func end(_ error: any Error) {
    let waiting = state.withLock { state in
      defer { state = State() }
      return state.waiting
    }
    for reply in waiting { reply.give(.failure(error)) }
  }
}
