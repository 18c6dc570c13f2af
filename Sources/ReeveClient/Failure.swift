import GRPCCore
package import ReeveModel

extension Refusal {
  /// What people are told of a call that failed; `nil` where it is no fault of theirs or of the cluster's state.
  package init?(_ error: any Error) {
    if let refusal = error as? Refusal {
      self = refusal
    } else if let error = error as? RPCError {
      self.init(rpc: error)
    } else if let error = error as? RuntimeError {
      self.init(.unavailable, "The connection to the master failed: \(error.message)")
    } else {
      return nil
    }
  }

  private init?(rpc error: RPCError) {
    switch error.code {
    case .unauthenticated, .permissionDenied: self.init(.denied, error.message)
    case .notFound: self.init(.notFound, error.message)
    case .invalidArgument, .outOfRange: self.init(.invalid, error.message)
    case .alreadyExists, .failedPrecondition: self.init(.conflict, error.message)
    case .resourceExhausted: self.init(.tooLarge, error.message)
    case .unavailable, .deadlineExceeded, .aborted, .cancelled:
      self.init(.unavailable, "The master cannot be reached: \(error.message)")
    default: return nil
    }
  }
}
