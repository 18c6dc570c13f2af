package import GRPCCore
package import Logging
import Synchronization

private let header = "authorization"

/// Lets through only calls that carry the cluster's token; what does not never reaches a core.
package final class TokenCheck: ServerInterceptor {
  private let token: Token
  private let log: Logger
  /// Calls without the token, or with another, since the start: told with each refusal.
  private let refused = Atomic<Int>(0)

  package init(_ token: Token, log: Logger) {
    self.token = token
    self.log = log
  }

  @concurrent package func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingServerRequest<Input>,
    context: ServerContext,
    next:
      @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws
      -> StreamingServerResponse<Output>
  ) async throws -> StreamingServerResponse<Output> {
    guard request.metadata[stringValues: header].contains(where: carriesToken) else {
      let count = refused.add(1, ordering: .relaxed).newValue
      log.warning(
        "call without the cluster's token refused",
        metadata: ["method": "\(context.descriptor)", "peer": "\(context.remotePeer)", "refused": "\(count)"]
      )
      return StreamingServerResponse(
        error: RPCError(
          code: .unauthenticated,
          message: "This cluster wants its token: set REEVE_TOKEN_FILE to the file `token` in its data "
            + "directory."
        )
      )
    }
    return try await next(request, context)
  }

  private func carriesToken(_ value: String) -> Bool {
    value.hasPrefix("Bearer ") && token.matches(value.utf8.dropFirst("Bearer ".utf8.count))
  }
}

/// Puts the token on every call.
package struct TokenBearer: ClientInterceptor {
  private let value: String

  package init(_ token: Token) { value = "Bearer \(token.text)" }

  @concurrent package func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingClientRequest<Input>,
    context: ClientContext,
    next:
      @concurrent (StreamingClientRequest<Input>, ClientContext) async throws
      -> StreamingClientResponse<Output>
  ) async throws -> StreamingClientResponse<Output> {
    var request = request
    request.metadata.addString(value, forKey: header)
    return try await next(request, context)
  }
}
