import GRPCCore
package import ReeveModel
import ReeveShell

extension Refusal {
  /// What people are told of a call that failed; `nil` where it is no fault of theirs or of the cluster's state.
  package init?(_ error: any Error) {
    if let refusal = error as? Refusal {
      self = refusal
    } else if let error = error as? RPCError {
      self.init(status: error)
    } else if let error = error as? RuntimeError {
      self.init(.unavailable, "The connection to the master failed: \(error.message)")
    } else {
      return nil
    }
  }
}
