import GRPCCore
import GRPCNIOTransportHTTP2
import ReeveModel
import ReeveShell
import ReeveWire
import Synchronization

/// A cluster's scheduler, as programs and the command line speak to it. One connection, made at the first call.
///
/// Every method throws a `Refusal` where the cluster says no or cannot be reached.
package final class ReeveClient: Sendable {
  typealias Stub = Reeve_V1_Scheduler.Client<HTTP2ClientTransport.Posix>

  struct Connection {
    let stub: Stub
    let questions: QuestionStream
    fileprivate let running: Task<Void, Never>
  }

  private struct State {
    /// Which of the addresses is in use.
    var place = 0
    var connection: Connection?
  }

  private let cluster: ClusterAddress
  private let state = Mutex(State())

  package init(_ cluster: ClusterAddress) { self.cluster = cluster }

  /// Runs `body` with a client, and closes its connection afterwards.
  @concurrent package static func with<R: Sendable>(
    _ cluster: ClusterAddress,
    body: @Sendable (ReeveClient) async throws -> R
  ) async throws -> R {
    let client = ReeveClient(cluster)
    defer { client.close() }
    return try await body(client)
  }

  /// Calls that are under way end with an error.
  package func close() {
    let connection = state.withLock { state -> Connection? in state.connection.take() }
    connection?.running.cancel()
  }

  /// One call, at each of the addresses in turn until one can be reached. What is called must bear being called again.
  func call<R: Sendable>(_ body: @Sendable (Stub) async throws -> R) async throws -> R {
    try await callOnConnection { try await body($0.stub) }
  }

  func callOnConnection<R: Sendable>(_ body: @Sendable (Connection) async throws -> R) async throws -> R {
    var failure = Refusal(.unavailable, "No master was tried.")
    for _ in cluster.addresses.indices {
      let (connection, place) = try connection()
      do {
        return try await body(connection)
      } catch {
        try Task.checkCancellation()
        guard let refusal = Refusal(error) else { throw error }
        guard refusal.code == .unavailable else { throw refusal }
        failure = explain(refusal, at: place)
        moveOn(from: place)
      }
    }
    throw failure
  }

  private func explain(_ refusal: Refusal, at place: Int) -> Refusal {
    Refusal(refusal.code, "\(cluster.addresses[place]): \(refusal.message)")
  }

  private func connection() throws -> (Connection, place: Int) {
    try state.withLock { state in
      if let connection = state.connection { return (connection, state.place) }
      let channel = try makeChannel(to: cluster.addresses[state.place], token: cluster.token)
      let running = Task { @concurrent in
        // Its failures come out of the calls on it.
        _ = try? await channel.runConnections()
      }
      let stub = Stub(wrapping: channel)
      let connection = Connection(stub: stub, questions: QuestionStream(stub), running: running)
      state.connection = connection
      return (connection, state.place)
    }
  }

  /// Throws a connection away that failed, so that the next call does not wait for that one's own back-off.
  private func moveOn(from place: Int) {
    let old = state.withLock { state -> Connection? in
      guard state.place == place else { return nil }
      state.place = (place + 1) % cluster.addresses.count
      return state.connection.take()
    }
    old?.running.cancel()
  }
}
