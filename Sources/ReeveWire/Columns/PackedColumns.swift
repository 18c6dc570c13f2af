import FoundationEssentials
package import ReeveModel

extension Reeve_V1_PackedStrings {
  package init(_ strings: PackedStrings) {
    self.init()
    data = Data(strings.bytes)
    ends = strings.ends
  }

  /// Some of the strings, with ends from the first of them on.
  init(_ range: Range<Int>, of strings: PackedStrings) {
    self.init()
    let start = range.lowerBound == 0 ? 0 : strings.ends[range.lowerBound - 1]
    let end = range.isEmpty ? start : strings.ends[range.upperBound - 1]
    data = Data(strings.bytes[Int(start)..<Int(end)])
    ends = strings.ends[range].map { $0 - start }
  }
}

extension PackedStrings {
  package init(wire: Reeve_V1_PackedStrings) throws(WireError) {
    guard let strings = PackedStrings(bytes: [UInt8](wire.data), ends: wire.ends) else {
      // Looked for only now: the model has made the same check in its own pass.
      try check("ends", ends: wire.ends, of: wire.data.count)
      throw WireError("ends", "do not divide the data")
    }
    self = strings
  }

  init(_ field: String, wire: Reeve_V1_PackedStrings) throws(WireError) {
    self = try part(field) { () throws(WireError) in try PackedStrings(wire: wire) }
  }
}

extension Reeve_V1_PackedLists {
  package init(_ lists: PackedLists) {
    self.init()
    if !lists.strings.isEmpty { strings = Reeve_V1_PackedStrings(lists.strings) }
    ends = lists.ends
  }

  /// Some of the lists, with ends from the first of them on.
  init(_ range: Range<Int>, of lists: PackedLists) {
    self.init()
    let start = range.lowerBound == 0 ? 0 : lists.ends[range.lowerBound - 1]
    let end = range.isEmpty ? start : lists.ends[range.upperBound - 1]
    if start != end { strings = Reeve_V1_PackedStrings(Int(start)..<Int(end), of: lists.strings) }
    ends = lists.ends[range].map { $0 - start }
  }
}

extension PackedLists {
  package init(wire: Reeve_V1_PackedLists) throws(WireError) {
    let strings = try PackedStrings("strings", wire: wire.strings)
    guard let lists = PackedLists(strings: strings, ends: wire.ends) else {
      try check("ends", ends: wire.ends, of: strings.count)
      throw WireError("ends", "do not divide the strings")
    }
    self = lists
  }

  init(_ field: String, wire: Reeve_V1_PackedLists) throws(WireError) {
    self = try part(field) { () throws(WireError) in try PackedLists(wire: wire) }
  }
}
