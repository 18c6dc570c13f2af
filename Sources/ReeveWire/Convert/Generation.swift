package import ReeveModel

extension Reeve_V1_Generation {
  package init(_ generation: Generation) {
    self.init()
    term = generation.term.rawValue
    number = generation.number
  }
}

extension Generation {
  package init(wire: Reeve_V1_Generation) throws(WireError) {
    self.init(
      term: try Term("term", wire: wire.term),
      number: try check("number", number: wire.number)
    )
  }

  init(_ field: String, wire: Reeve_V1_Generation) throws(WireError) {
    self = try part(field) { () throws(WireError) in try Generation(wire: wire) }
  }

  /// From its description, `term.number`: so it travels in what people see.
  init(_ field: String, text: String) throws(WireError) {
    let halves = text.split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count == 2, let term = UInt32(halves[0]), let number = UInt64(halves[1]) else {
      throw WireError(field, "\"\(text)\" is no generation: it wants to be term.number")
    }
    self.init(term: try Term(field, wire: term), number: try check(field, number: number))
  }
}

extension Term {
  init(_ field: String, wire term: UInt32) throws(WireError) {
    guard term < WireLimits.term else { throw WireError(field, "\(term) is too large for a term") }
    self.init(term)
  }
}
