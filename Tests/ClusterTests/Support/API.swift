import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import ReeveShell
import ReeveWire
import Testing

/// The wire itself, without what `ReeveClient` would see to: what only a faulty or hostile program sends.
struct API: Sendable {
  typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

  /// To the master.
  let master: Client
  /// To the process that serves the only rack.
  let rack: Client
  /// To the master, without a token.
  let stranger: Client
  /// The cluster's id, as it travels.
  let cluster: Data

  var scheduler: Reeve_V1_Scheduler.Client<HTTP2ClientTransport.Posix> { .init(wrapping: master) }

  /// Runs `body` with connections to a cluster of one rack.
  static func run(_ cluster: TemporaryCluster, _ body: @Sendable (API) async throws -> Void) async throws {
    struct Rack: Decodable { var address: String }
    let racks: [Rack] = try await cluster.reeve("racks", "--json").decoded()
    let (masterPort, rackPort) = (try port(cluster.address), try port(racks[0].address))
    let token = cluster.text("data/token").trimmingCharacters(in: .whitespacesAndNewlines)
    let id = cluster.text("data/master/cluster").trimmingCharacters(in: .whitespacesAndNewlines)
    let bytes = try #require(UInt128(id, radix: 16)).bigEndian
    try await withGRPC(masterPort, token: token) { master in
      try await withGRPC(rackPort, token: token) { rack in
        try await withGRPC(masterPort) { stranger in
          let id = withUnsafeBytes(of: bytes) { Data($0) }
          try await body(API(master: master, rack: rack, stranger: stranger, cluster: id))
        }
      }
    }
  }

  static func port(_ address: String) throws -> Int {
    try #require(address.split(separator: ":").last.flatMap { Int($0) })
  }

  /// A call with bytes for messages; whatever is answered is read and dropped.
  func send(_ messages: [[UInt8]], to method: String) async throws {
    try await master.bidirectionalStreaming(
      request: StreamingClientRequest { writer in
        for bytes in messages { try await writer.write(bytes) }
      },
      descriptor: MethodDescriptor(fullyQualifiedService: "reeve.v1.Scheduler", method: method),
      serializer: RawBytes(),
      deserializer: RawBytes(),
      options: .defaults
    ) { response in for try await _ in response.messages {} }
  }

  /// Opens a rack's stream, says all this on it and waits for its end, for a while.
  func open(rack messages: [Reeve_V1_RackUp]) async throws {
    try await Reeve_V1_RackSession.Client(wrapping: master).open(
      requestProducer: { writer in
        for message in messages { try await writer.write(message) }
        try await Task.sleep(for: .seconds(2))
      },
      onResponse: { response in for try await _ in response.messages {} }
    )
  }

  func open(node message: Reeve_V1_NodeUp) async throws {
    try await Reeve_V1_NodeSession.Client(wrapping: rack).open(
      requestProducer: { writer in
        try await writer.write(message)
        try await Task.sleep(for: .seconds(2))
      },
      onResponse: { response in for try await _ in response.messages {} }
    )
  }
}

/// Runs `body` with a connection to a port of this machine.
func withGRPC<R: Sendable>(
  _ port: Int,
  token: String? = nil,
  _ body: @Sendable (API.Client) async throws -> R
) async throws -> R {
  let transport = try HTTP2ClientTransport.Posix(
    target: .ipv4(address: "127.0.0.1", port: port),
    transportSecurity: .plaintext
  )
  return try await withGRPCClient(
    transport: transport,
    interceptors: token.map { [Bearer(text: $0)] } ?? [],
    handleClient: body
  )
}

/// Puts a token on every call.
private struct Bearer: ClientInterceptor {
  let text: String

  @concurrent func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingClientRequest<Input>,
    context: ClientContext,
    next:
      @concurrent (StreamingClientRequest<Input>, ClientContext) async throws -> StreamingClientResponse<
        Output
      >
  ) async throws -> StreamingClientResponse<Output> {
    var request = request
    request.metadata.addString("Bearer \(text)", forKey: "authorization")
    return try await next(request, context)
  }
}

/// Messages as they are.
private struct RawBytes: MessageSerializer, MessageDeserializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }
  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> [UInt8] {
    bytes.withUnsafeBytes { Array($0) }
  }
}
