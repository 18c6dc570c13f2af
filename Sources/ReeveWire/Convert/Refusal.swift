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
  package init(wire: Reeve_V1_Problem) throws(WireError) {
    guard let code = Code(rawValue: wire.code) else {
      throw WireError("code", "\"\(wire.code)\" is no known code, of: \(wire.message)")
    }
    self.init(code, field: wire.field, wire.message)
  }
}
