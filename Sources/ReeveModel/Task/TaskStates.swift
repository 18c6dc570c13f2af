/// The states of a job's tasks, and which of them are held: nothing where all are alike, else half a byte a task.
package struct TaskStates: Hashable, Sendable {
  package let count: Int
  /// Of all tasks, where nothing is packed.
  private var common: UInt8
  /// The task at place 2i is in the lower half of byte i.
  private var packed: [UInt8] = []

  package init(_ state: TaskState, count: Int) {
    self.count = count
    common = state.rawValue
  }

  /// The same from its bytes as they travel: one for all tasks, or half of one a task.
  /// - Returns: `nil` where they are none.
  package init?(bytes: [UInt8], count: Int) {
    self.count = count
    common = TaskState.blocked.rawValue
    guard bytes.count != 1 || (1...2).contains(count) else {
      guard Self.isMark(bytes[0]) else { return nil }
      common = bytes[0]
      return
    }
    guard bytes.count == (count + 1) / 2, bytes.allSatisfy({ Self.isMark($0 & 15) && Self.isMark($0 >> 4) })
    else { return nil }
    if count == 1 {
      common = bytes[0] & 15
    } else {
      packed = bytes
    }
  }

  private static func isMark(_ mark: UInt8) -> Bool { TaskState(rawValue: mark & 7) != nil && mark < 16 }

  package var bytes: [UInt8] {
    if !packed.isEmpty { return packed }
    return count <= 2 ? [common | (count == 2 ? common << 4 : 0)] : [common]
  }

  package subscript(place: Int) -> TaskState {
    @inline(__always) get {
      guard let state = TaskState(rawValue: mark(place) & 7) else {
        preconditionFailure("no state at \(place)")
      }
      return state
    }
    @inline(__always) set { set(place, newValue.rawValue | mark(place) & 8) }
  }

  package func isHeld(_ place: Int) -> Bool { mark(place) & 8 != 0 }

  package mutating func setHeld(_ isHeld: Bool, at places: Range<Int>) {
    if packed.isEmpty, places == 0..<count {
      common = common & 7 | (isHeld ? 8 : 0)
      return
    }
    for place in places { set(place, mark(place) & 7 | (isHeld ? 8 : 0)) }
  }

  /// The places of `range` from its start on whose tasks are all in one state, and as much held as the first.
  package func run(in range: Range<Int>) -> (state: TaskState, isHeld: Bool, places: Range<Int>) {
    let first = mark(range.lowerBound)
    var end = range.lowerBound + 1
    if packed.isEmpty {
      end = range.upperBound
    } else {
      let sixteen = UInt64(first) * 0x1111_1111_1111_1111
      packed.withUnsafeBytes { bytes in
        while end < range.upperBound {
          if end & 1 == 0, end + 16 <= range.upperBound,
            bytes.loadUnaligned(fromByteOffset: end >> 1, as: UInt64.self) == sixteen
          {
            end += 16
          } else if mark(end) == first {
            end += 1
          } else {
            break
          }
        }
      }
    }
    return (self[range.lowerBound], first & 8 != 0, range.lowerBound..<end)
  }

  @inline(__always) private func mark(_ place: Int) -> UInt8 {
    packed.isEmpty ? common : packed[place >> 1] >> (UInt8(place & 1) << 2) & 15
  }

  @inline(__always) private mutating func set(_ place: Int, _ mark: UInt8) {
    if packed.isEmpty {
      if mark == common { return }
      if count == 1 {
        common = mark
        return
      }
      packed = Array(repeating: common | common << 4, count: (count + 1) / 2)
    }
    let shift = UInt8(place & 1) << 2
    packed[place >> 1] = packed[place >> 1] & ~(15 << shift) | mark << shift
  }

  /// Sets many at once: the same as one after the other, and nothing is packed where it is all of them.
  package mutating func fill(_ places: Range<Int>, _ state: TaskState, keepingHeld: Bool) {
    if packed.isEmpty, places == 0..<count {
      common = state.rawValue | (keepingHeld ? common & 8 : 0)
      return
    }
    for place in places { set(place, state.rawValue | (keepingHeld ? mark(place) & 8 : 0)) }
  }

  /// Packs nothing any more where all tasks have come to be alike.
  package mutating func compact() {
    guard !packed.isEmpty, run(in: 0..<count).places.count == count else { return }
    common = mark(0)
    packed = []
  }

  package static func == (a: TaskStates, b: TaskStates) -> Bool {
    guard a.count == b.count else { return false }
    return a.packed.isEmpty && b.packed.isEmpty ? a.common == b.common : a.isLike(b)
  }

  private func isLike(_ other: TaskStates) -> Bool {
    (0..<count).allSatisfy { mark($0) == other.mark($0) }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for place in 0..<count { hasher.combine(mark(place)) }
  }
}
