package import GRPCCore
import GRPCProtobuf
package import ReeveModel
import SwiftProtobuf

// What a call that fails says: one of gRPC's codes and a sentence, and in its details (`google.rpc.ErrorInfo`) Reeve's own
// code, which is stable, and the field.

extension RPCError {
  package init(_ refusal: Refusal) { self.init(refusal, as: refusal.code.status) }

  /// Where gRPC's own code says more than the refusal's, such as that a stream is not to be opened again.
  package init(_ refusal: Refusal, as code: Code) {
    let metadata = refusal.field.isEmpty ? [:] : ["field": refusal.field]
    self.init(
      GoogleRPCStatus(
        code: code,
        message: refusal.message,
        details: [.errorInfo(reason: refusal.code.rawValue, domain: "reeve", metadata: metadata)]
      )
    )
  }

  /// Of `google.rpc.ErrorInfo`, where that is in the details.
  fileprivate var info: ErrorDetails.ErrorInfo? {
    (try? unpackGoogleRPCStatus())?.details.lazy.compactMap(\.errorInfo).first
  }
}

extension Refusal {
  /// What a call to a master was refused for; `nil` where its status says nothing of the kind. Without details it is not the
  /// master's own.
  package init?(status error: RPCError) {
    if let info = error.info, let code = Code(rawValue: info.reason) {
      self.init(code, field: info.metadata["field"] ?? "", error.message)
    } else {
      guard let code = Code(error.code) else { return nil }
      let isAway = code == .unavailable
      self.init(code, isAway ? "The master cannot be reached: \(error.message)" : error.message)
    }
  }
}

extension Refusal.Code {
  fileprivate var status: RPCError.Code {
    switch self {
    case .invalid, .unknownKey, .syntax, .cycle, .unknownDependency, .duplicate: .invalidArgument
    case .exceedsLargestNode, .noMatchingNode: .failedPrecondition
    case .conflict: .alreadyExists
    case .notFound: .notFound
    case .tooLarge: .resourceExhausted
    case .denied: .permissionDenied
    case .unavailable: .unavailable
    }
  }

  /// For a status without details.
  fileprivate init?(_ status: RPCError.Code) {
    switch status {
    case .unauthenticated, .permissionDenied: self = .denied
    case .notFound: self = .notFound
    case .invalidArgument, .outOfRange: self = .invalid
    case .alreadyExists, .failedPrecondition: self = .conflict
    case .resourceExhausted: self = .tooLarge
    case .unavailable, .deadlineExceeded, .aborted, .cancelled: self = .unavailable
    default: return nil
    }
  }
}

/// Gives each call that fails a status that programs can act on, whatever it failed for.
struct StatusDetails: ServerInterceptor {
  @concurrent func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingServerRequest<Input>,
    context: ServerContext,
    next:
      @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws
      -> StreamingServerResponse<Output>
  ) async throws -> StreamingServerResponse<Output> {
    let method = context.descriptor
    do {
      var response = try await next(request, context)
      response.accepted = response.accepted.map { contents in
        var contents = contents
        let produce = contents.producer
        contents.producer = { writer in
          do { return try await produce(writer) } catch { throw Self.status(for: error, of: method) }
        }
        return contents
      }.mapError { Self.status(for: $0, of: method) as? RPCError ?? $0 }
      return response
    } catch { throw Self.status(for: error, of: method) }
  }

  private static func status(for error: any Error, of method: MethodDescriptor) -> any Error {
    // What a handler throws comes as the cause of an unknown error, where there are interceptors between.
    if let refusal = error as? Refusal ?? (error as? RPCError)?.cause as? Refusal { return RPCError(refusal) }
    guard let error = error as? RPCError, error.info == nil else { return error }
    if let reason = whyUnreadable(error.cause) {
      return RPCError(
        Refusal(
          .syntax,
          "The request of \(method) cannot be read: \(reason). Send it as proto/reeve/v1 says."
        )
      )
    }
    return Refusal.Code(error.code).map { RPCError(Refusal($0, error.message), as: error.code) } ?? error
  }

  private static func whyUnreadable(_ cause: (any Error)?) -> String? {
    switch cause {
    case BinaryDecodingError.truncated?: "its bytes end in the middle of a field"
    case BinaryDecodingError.invalidUTF8?: "a text in it is not UTF-8"
    case BinaryDecodingError.messageDepthLimit?: "it is nested too deep"
    case is BinaryDecodingError, is SwiftProtobufError: "its bytes are no such message"
    default: nil
    }
  }
}
