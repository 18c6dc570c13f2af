/// Finds strings of a `PackedStrings` by their bytes, without making one `String`.
///
/// Open addressing with linear probing, at most half full. `Hasher` is seeded anew in each process, so that
/// nobody can choose names that all collide; what is found never depends on the seed.
/// - Complexity: O(1) a look-up and 16 to 32 bytes a name.
package struct NameIndex: Sendable {
  /// The upper half of a hash, then place + 1; 0 is a free slot.
  private var slots: [UInt64]
  private var used = 0

  package init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
  }

  /// Takes in all names; of those that are alike the first is found.
  package init(of names: PackedStrings) {
    self.init(capacity: names.count)
    for i in 0..<names.count { _ = insert(i, of: names) }
  }

  /// Takes in string `i` of `names`.
  /// - Returns: the place of an equal one that was taken in before; the index then stays as it was.
  package mutating func insert(_ i: Int, of names: PackedStrings) -> Int? {
    precondition(2 * used < slots.count, "an index for \(slots.count / 2) names is full")
    let hash = names.bytes.withUnsafeBytes { bytes in
      Self.hash(UnsafeRawBufferPointer(rebasing: bytes[names.range(i)]))
    }
    let (slot, found) = probe(hash, in: names) { place in
      Self.equal(names.bytes, names.range(place), names.bytes, names.range(i))
    }
    if let found { return found }
    slots[slot] = hash & 0xffff_ffff_0000_0000 | UInt64(i + 1)
    used += 1
    return nil
  }

  /// The place in `names` of the string with the bytes `text[range]`; `names` is what was taken in.
  package func find(_ text: [UInt8], _ range: Range<Int>, in names: PackedStrings) -> Int? {
    let hash = text.withUnsafeBytes { Self.hash(UnsafeRawBufferPointer(rebasing: $0[range])) }
    return probe(hash, in: names) { Self.equal(names.bytes, names.range($0), text, range) }.found
  }

  /// The slot of the first name that `matches`, or else the free slot where it would go.
  private func probe(
    _ hash: UInt64,
    in names: PackedStrings,
    matches: (Int) -> Bool
  ) -> (slot: Int, found: Int?) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let place = Int(slots[slot] & 0xffff_ffff) - 1
      if slots[slot] >> 32 == hash >> 32 && matches(place) { return (slot, place) }
      slot = (slot + 1) & mask
    }
    return (slot, nil)
  }

  private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(bytes: bytes)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }

  private static func equal(_ a: [UInt8], _ i: Range<Int>, _ b: [UInt8], _ j: Range<Int>) -> Bool {
    i.count == j.count && a[i].elementsEqual(b[j])
  }
}
