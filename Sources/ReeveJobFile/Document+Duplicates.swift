import ReeveModel

/// Keys that come twice: a mistake in every syntax, for one of the two would be lost.
extension Document {
  /// Few keys are compared pair by pair, many are sorted: a file of a million keys must not take a million squared.
  /// - Returns: the node of the second of two equal keys, where there are such.
  static func secondOfEqualKeys(
    in object: Int,
    _ nodes: [Node],
    source: [UInt8],
    decoded: [UInt8]
  ) -> Int? {
    let count = Int(nodes[object].start)
    guard count > 1 else { return nil }
    var keys: [Int] = []
    keys.reserveCapacity(count)
    var node = object + 1
    while node < Int(nodes[object].length) {
      keys.append(node)
      let value = nodes[node + 1]
      node = value.kind == .array || value.kind == .object ? Int(value.length) : node + 2
    }
    func text(_ node: Int) -> ArraySlice<UInt8> { nodes[node].text(source: source, decoded: decoded) }
    if count > 16 {
      keys.sort { text($0).lexicographicallyPrecedes(text($1)) }
      return zip(keys, keys.dropFirst()).first { text($0) == text($1) }.map(max)
    }
    for i in 1..<count {
      let length = nodes[keys[i]].length
      for j in 0..<i where nodes[keys[j]].length == length && text(keys[i]) == text(keys[j]) {
        return keys[i]
      }
    }
    return nil
  }

  static func duplicate(_ key: Int, _ nodes: [Node], source: [UInt8], decoded: [UInt8]) -> Refusal {
    let name = String(decoding: nodes[key].text(source: source, decoded: decoded), as: UTF8.self)
    let place = Place(of: Int(nodes[key].offset), in: source)
    return Refusal(.duplicate, "\(place): the key \(name.quoted) comes twice. Keep one.")
  }
}

extension Document.Node {
  /// Of a scalar.
  fileprivate func text(source: [UInt8], decoded: [UInt8]) -> ArraySlice<UInt8> {
    (isDecoded ? decoded : source)[Int(start)..<Int(start + length)]
  }
}
