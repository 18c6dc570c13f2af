package import ReeveModel

extension Reeve_V1_Problem {
  package init(_ refusal: Refusal) {
    self.init()
    code = refusal.code.rawValue
    field = refusal.field
    message = refusal.message
  }
}

extension Refusal {
  /// Why a request is not understood, or not taken.
  package init(ofRequest error: any Error) {
    switch error {
    case let refusal as Refusal: self = refusal
    case let error as WireError: self.init(.invalid, field: error.field, error.problem)
    default: self.init(.invalid, "\(error)")
    }
  }

  package init(wire: Reeve_V1_Problem) throws(WireError) {
    guard let code = Code(rawValue: wire.code) else {
      throw WireError("code", "\"\(wire.code)\" is no known code, of: \(wire.message)")
    }
    self.init(code, field: wire.field, wire.message)
  }
}
