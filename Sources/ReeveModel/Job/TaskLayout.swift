/// Where the tasks of a job's entries are, as places from 0 on: entries one after the other, an array's tasks together.
package struct TaskLayout: Hashable, Sendable {
  /// An array's entry and the places of its tasks.
  package struct ArrayPlace: Hashable, Sendable {
    package var entry: Int
    package var start: Int
    package var count: Int
    package var end: Int { start + count }
  }

  package let count: Int
  private let entryCount: Int
  /// Ascending.
  package let arrays: [ArrayPlace]

  package init(of spec: JobSpec) {
    entryCount = spec.entryCount
    var extra = 0
    arrays = spec.arrays.map { array in
      let place = ArrayPlace(entry: Int(array.entry), start: Int(array.entry) + extra, count: array.count)
      extra += place.count - 1
      return place
    }
    count = entryCount + extra
  }

  /// Which array a place belongs to; `nil` for a task on its own.
  @inline(__always) package func array(at place: Int) -> Int? {
    if arrays.isEmpty { return nil }
    let i = lastArray { $0.start <= place }
    return i >= 0 && place < arrays[i].end ? i : nil
  }

  package func array(ofEntry entry: Int) -> Int? {
    let i = lastArray { $0.entry <= entry }
    return i >= 0 && arrays[i].entry == entry ? i : nil
  }

  /// The entry of the task at a place.
  @inline(__always) package func entry(at place: Int) -> Int {
    if arrays.isEmpty { return place }
    let i = lastArray { $0.start <= place }
    guard i >= 0 else { return place }
    return place < arrays[i].end ? arrays[i].entry : arrays[i].entry + 1 + place - arrays[i].end
  }

  /// The places of an entry's tasks.
  @inline(__always) package func places(ofEntry entry: Int) -> Range<Int> {
    if arrays.isEmpty { return entry..<entry + 1 }
    let i = lastArray { $0.entry <= entry }
    guard i >= 0 else { return entry..<entry + 1 }
    if arrays[i].entry == entry { return arrays[i].start..<arrays[i].end }
    let place = arrays[i].end + entry - arrays[i].entry - 1
    return place..<place + 1
  }

  /// The last array for which it holds, as it does for all before that one; -1 if for none.
  @inline(__always) private func lastArray(where holds: (ArrayPlace) -> Bool) -> Int {
    arrays.partitioningIndex { !holds($0) } - 1
  }
}

extension JobSpec {
  /// What the task at a place is called: its entry's name, and in an array its index behind a dot.
  package func taskName(at place: Int, _ layout: TaskLayout) -> String {
    let name = taskNames[layout.entry(at: place)]
    return arrayIndex(at: place, layout).map { "\(name).\($0)" } ?? name
  }

  /// The index of the task at a place; `nil` for a task on its own.
  package func arrayIndex(at place: Int, _ layout: TaskLayout) -> UInt32? {
    layout.array(at: place).map { arrays[$0].index(place - layout.arrays[$0].start) }
  }

  /// The places of an entry's tasks, or of one task of an array.
  /// - Parameters:
  ///   - name: an entry's, or an array's with an index behind a dot.
  ///   - layout: of this job.
  ///   - index: of the entries' names; without one they are gone through, which will do for one name.
  /// - Returns: `nil` where nothing is called so.
  package func places(named name: String, _ layout: TaskLayout, _ index: NameIndex? = nil) -> Range<Int>? {
    if let entry = entry(named: name, index) { return layout.places(ofEntry: entry) }
    guard let (stem, number) = Self.numbered(name), let entry = entry(named: stem, index),
      let array = layout.array(ofEntry: entry), let element = arrays[array].element(ofIndex: number)
    else { return nil }
    let place = layout.arrays[array].start + element
    return place..<place + 1
  }

  /// The entry of that name.
  package func entry(named name: String, _ index: NameIndex? = nil) -> Int? {
    let wanted = Array(name.utf8)
    if let index { return index.find(wanted, wanted.indices, in: taskNames) }
    return (0..<entryCount).first { taskNames.bytes[taskNames.range($0)].elementsEqual(wanted) }
  }

  /// Parts `tile.3`, which may be a task of an array, or just be called so.
  package static func numbered(_ name: String) -> (stem: String, number: UInt32)? {
    guard let dot = name.lastIndex(of: "."), let number = plainIndex(name[name.index(after: dot)...]) else {
      return nil
    }
    return (String(name[..<dot]), number)
  }

  /// An index as it stands in a name: digits without a zero before them.
  package static func plainIndex(_ text: Substring) -> UInt32? {
    guard let index = UInt32(text), "\(index)" == text else { return nil }
    return index
  }
}
