/// What holds for some of a job's tasks, by runs of their places: ascending, without overlaps, and one run where neighbours
/// are alike.
package struct PlaceMap<Value: Hashable & Sendable>: Hashable, Sendable {
  package struct Run: Hashable, Sendable {
    package var first: UInt32
    package var count: UInt32
    package var value: Value

    package init(first: UInt32, count: UInt32, _ value: Value) {
      self.first = first
      self.count = count
      self.value = value
    }

    package var places: Range<Int> { Int(first)..<Int(first) + Int(count) }

    fileprivate init(_ places: Range<Int>, _ value: Value) {
      self.init(first: UInt32(places.lowerBound), count: UInt32(places.count), value)
    }
  }

  package private(set) var runs: [Run] = []

  package init() {}

  /// - Returns: `nil` where the runs are empty ones, out of order or overlap, or reach beyond `end`.
  package init?(_ runs: [Run], end: Int) {
    var next = 0
    for run in runs {
      guard run.count > 0, run.places.lowerBound >= next, run.places.upperBound <= end else { return nil }
      next = run.places.upperBound
    }
    self.runs = runs
  }

  package var isEmpty: Bool { runs.isEmpty }

  package subscript(place: Int) -> Value? {
    let i = firstRun(endingBehind: place)
    return i < runs.count && runs[i].places.contains(place) ? runs[i].value : nil
  }

  /// The value at the start of a range, and the places from there on for which it is the same.
  package func run(in range: Range<Int>) -> (value: Value?, places: Range<Int>) {
    let i = firstRun(endingBehind: range.lowerBound)
    guard i < runs.count else { return (nil, range) }
    let places = runs[i].places
    if places.lowerBound > range.lowerBound {
      return (nil, range.lowerBound..<min(range.upperBound, places.lowerBound))
    }
    return (runs[i].value, range.lowerBound..<min(range.upperBound, places.upperBound))
  }

  /// Sets a value, or takes away what is there.
  /// - Parameters:
  ///   - ranges: ascending, without overlaps, none empty.
  ///   - value: for all their places.
  /// - Complexity: O(ranges + runs from the first of them to the last), and the moving of runs behind.
  package mutating func set(_ ranges: [Range<Int>], to value: Value?) {
    guard let first = ranges.first, let last = ranges.last else { return }
    // With the neighbours, which may be alike.
    let start = runs.partitioningIndex { $0.places.upperBound >= first.lowerBound }
    let end = max(start, runs.partitioningIndex { $0.places.lowerBound > last.upperBound })
    runs.replaceSubrange(start..<end, with: Self.merged(runs[start..<end], ranges, value))
  }

  private static func merged(_ old: ArraySlice<Run>, _ ranges: [Range<Int>], _ value: Value?) -> [Run] {
    var merged: [Run] = []
    func append(_ places: Range<Int>, _ value: Value) {
      if let last = merged.last, last.places.upperBound == places.lowerBound, last.value == value {
        merged[merged.count - 1].count += UInt32(places.count)
      } else {
        merged.append(Run(places, value))
      }
    }
    var next = 0
    func appendNew(before end: Int) {
      while next < ranges.count, ranges[next].lowerBound < end {
        if let value { append(ranges[next], value) }
        next += 1
      }
    }
    for run in old {
      var place = run.places.lowerBound
      while place < run.places.upperBound {
        appendNew(before: place + 1)
        if next > 0, ranges[next - 1].upperBound > place {
          place = ranges[next - 1].upperBound
          continue
        }
        let end = min(run.places.upperBound, next < ranges.count ? ranges[next].lowerBound : .max)
        append(place..<end, run.value)
        place = end
      }
    }
    appendNew(before: .max)
    return merged
  }

  private func firstRun(endingBehind place: Int) -> Int {
    runs.partitioningIndex { $0.places.upperBound > place }
  }
}
