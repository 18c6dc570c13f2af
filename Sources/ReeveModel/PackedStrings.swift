/// Many strings in two arrays: a million of them cost two allocations, on the wire as in memory.
package struct PackedStrings: Hashable, Sendable {
  /// UTF-8, one string after the other.
  package private(set) var bytes: [UInt8]
  /// Where each string ends in `bytes`; never falls.
  package private(set) var ends: [UInt32]

  package init() {
    bytes = []
    ends = []
  }

  package init(_ strings: some Sequence<String>) {
    self.init()
    for string in strings { append(string) }
  }

  /// The same from its parts as they travel; `nil` if the ends fall, or pass the bytes.
  package init?(bytes: [UInt8], ends: [UInt32]) {
    var last: UInt32 = 0
    for end in ends {
      guard end >= last else { return nil }
      last = end
    }
    guard Int(last) == bytes.count else { return nil }
    self.bytes = bytes
    self.ends = ends
  }

  package var count: Int { ends.count }
  package var isEmpty: Bool { ends.isEmpty }

  package func range(_ i: Int) -> Range<Int> { (i == 0 ? 0 : Int(ends[i - 1]))..<Int(ends[i]) }

  /// Bytes that are no UTF-8 read as replacement characters.
  package subscript(i: Int) -> String { String(decoding: bytes[range(i)], as: UTF8.self) }

  package mutating func append(_ string: String) {
    bytes.append(contentsOf: string.utf8)
    ends.append(UInt32(bytes.count))
  }

  /// Takes one string over from another without making it a `String`.
  package mutating func append(_ i: Int, of other: PackedStrings) {
    bytes.append(contentsOf: other.bytes[other.range(i)])
    ends.append(UInt32(bytes.count))
  }

  package mutating func append(contentsOf other: PackedStrings) {
    let base = UInt32(bytes.count)
    bytes.append(contentsOf: other.bytes)
    ends.append(contentsOf: other.ends.lazy.map { $0 + base })
  }

  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  package var strings: [String] { ends.indices.map { self[$0] } }
}

/// Many lists of strings in three arrays: the arguments of a job's tasks.
package struct PackedLists: Hashable, Sendable {
  package private(set) var strings: PackedStrings
  /// Where each list ends in `strings`; never falls.
  package private(set) var ends: [UInt32]

  package init() {
    strings = PackedStrings()
    ends = []
  }

  /// The same from its parts as they travel; `nil` if the ends fall, or pass the strings.
  package init?(strings: PackedStrings, ends: [UInt32]) {
    var last: UInt32 = 0
    for end in ends {
      guard end >= last else { return nil }
      last = end
    }
    guard Int(last) == strings.count else { return nil }
    self.strings = strings
    self.ends = ends
  }

  package var count: Int { ends.count }

  package func range(_ i: Int) -> Range<Int> { (i == 0 ? 0 : Int(ends[i - 1]))..<Int(ends[i]) }

  package subscript(i: Int) -> [String] { range(i).map { strings[$0] } }

  package mutating func append(_ list: some Sequence<String>) {
    for string in list { strings.append(string) }
    ends.append(UInt32(strings.count))
  }

  package mutating func append(_ i: Int, of other: PackedLists) {
    for k in other.range(i) { strings.append(k, of: other.strings) }
    ends.append(UInt32(strings.count))
  }

  package mutating func append(contentsOf other: PackedLists) {
    let base = UInt32(strings.count)
    strings.append(contentsOf: other.strings)
    ends.append(contentsOf: other.ends.lazy.map { $0 + base })
  }
}
