package import GRPCCore
package import GRPCNIOTransportHTTP2
package import ReeveModel

package typealias Channel = GRPCClient<HTTP2ClientTransport.Posix>
package typealias Listener = GRPCServer<HTTP2ServerTransport.Posix>

/// The most that one message may hold: a statement of a hundred thousand attempts, with room.
package let messageBytesMax = 64 << 20

/// What every call of Reeve's own is made with.
package var callOptions: CallOptions {
  var options = CallOptions.defaults
  options.maxResponseMessageBytes = messageBytesMax
  // The transport bounds what a client takes in by its limit on requests, which is 4 MiB where none is set.
  options.maxRequestMessageBytes = messageBytesMax
  options.waitForReady = false
  return options
}

/// A connection that carries the token. The caller runs it with `runConnections` and ends it.
///
/// NIO sets TCP_NODELAY on both ends. The transport's own coalescing of flushes is off, for it delays each lone message;
/// what is worth gathering is gathered before it gets here.
package func makeChannel(to address: Address, token: Token) throws -> Channel {
  let transport = try HTTP2ClientTransport.Posix(
    target: address.isIPv6
      ? .ipv6(address: address.host, port: address.port) as any ResolvableTarget
      : .ipv4(address: address.host, port: address.port),
    transportSecurity: .plaintext,
    config: .defaults { config in
      config.connection.flushCoalescing = nil
      config.connection.maxIdleTime = nil
      config.backoff = .init(initial: .milliseconds(50), max: .seconds(2), multiplier: 1.6, jitter: 0.2)
      config.http2.targetWindowSize = 8 << 20
      config.http2.maxFrameSize = 1 << 20
    }
  )
  return GRPCClient(transport: transport, interceptors: [TokenBearer(token)])
}

/// A server that wants the token on every call.
package func makeListener(
  at address: Address,
  services: [any RegistrableRPCService],
  check: TokenCheck
) -> Listener {
  let transport = HTTP2ServerTransport.Posix(
    address: address.isIPv6
      ? .ipv6(host: address.host, port: address.port) : .ipv4(host: address.host, port: address.port),
    transportSecurity: .plaintext,
    config: .defaults { config in
      config.connection.flushCoalescing = nil
      config.http2.targetWindowSize = 8 << 20
      config.http2.maxFrameSize = 1 << 20
      config.rpc.maxRequestPayloadSize = messageBytesMax
    }
  )
  return GRPCServer(transport: transport, services: services, interceptors: [StatusDetails(), check])
}

/// The port that a listener got; waits until it listens.
@concurrent package func listeningPort(of listener: Listener) async throws -> Int? {
  let address = try await listener.transport.listeningAddress
  return address.ipv4?.port ?? address.ipv6?.port
}

/// Refuses to listen where others reach it in the clear.
package func checkBindAddress(_ address: Address, insecure: Bool) throws(Refusal) {
  guard address.isLoopback || insecure else {
    throw Refusal(
      .denied,
      field: "address",
      "\(address) can be reached from other machines, and Reeve would speak to them without TLS. "
        + "Bind to a loopback address such as 127.0.0.1, or pass --insecure on a network that you trust."
    )
  }
}

/// Runs `body` with a channel that is connected meanwhile.
@concurrent package func withChannel<Result: Sendable>(
  to address: Address,
  token: Token,
  body: @escaping @concurrent @Sendable (Channel) async throws -> Result
) async throws -> Result {
  let channel = try makeChannel(to: address, token: token)
  let connections = Task { try await channel.runConnections() }
  defer {
    channel.beginGracefulShutdown()
    connections.cancel()
  }
  return try await body(channel)
}
