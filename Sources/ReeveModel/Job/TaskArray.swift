/// An array among the entries of a job: one template, many tasks, told apart by an index and perhaps a value.
///
/// It is kept as it was given, as runs of indices, and never as a list of tasks.
package struct TaskArray: Hashable, Sendable {
  /// Its place among the job's entries.
  package var entry: UInt32
  /// Ascending, without overlaps; at least one.
  package var runs: [IndexRun] { didSet { starts = Self.starts(of: runs) } }
  /// At most so many of its tasks are on their way or run at one time; 0 is no limit.
  package var parallel: UInt32
  /// One a task, in the order of the indices; empty where tasks have none.
  package var values: PackedStrings
  /// How many tasks come before each run, and how many there are.
  private var starts: [Int]

  /// `first`, `first + step`, … : `count` of them.
  package struct IndexRun: Hashable, Sendable {
    package var first: UInt32
    package var step: UInt32
    package var count: UInt32

    package init(first: UInt32, step: UInt32 = 1, count: UInt32) {
      self.first = first
      self.step = step
      self.count = count
    }

    /// In 64 bits, for what nobody has checked yet.
    package var last: UInt64 { UInt64(first) + UInt64(step) * UInt64(max(count, 1) - 1) }
  }

  package init(entry: UInt32, runs: [IndexRun], parallel: UInt32 = 0, values: PackedStrings = PackedStrings())
  {
    self.entry = entry
    self.runs = runs
    self.parallel = parallel
    self.values = values
    starts = Self.starts(of: runs)
  }

  private static func starts(of runs: [IndexRun]) -> [Int] {
    runs.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int($1.count)) }
  }

  /// How many tasks it stands for.
  package var count: Int { starts[runs.count] }

  /// The index of its `element`th task, counted from 0.
  package func index(_ element: Int) -> UInt32 {
    precondition(element >= 0 && element < count, "element \(element) of \(count)")
    let run = starts.partitioningIndex { $0 > element } - 1
    return runs[run].first + runs[run].step * UInt32(element - starts[run])
  }

  /// Which of its tasks has that index.
  package func element(ofIndex index: UInt32) -> Int? {
    let elements = elements(within: index...index)
    return elements.isEmpty ? nil : elements.lowerBound
  }

  /// The elements whose indices lie within bounds, both included.
  package func elements(within bounds: ClosedRange<UInt32>) -> Range<Int> {
    let start = firstElement { UInt64($0) >= UInt64(bounds.lowerBound) }
    return start..<max(start, firstElement { UInt64($0) > UInt64(bounds.upperBound) })
  }

  /// The first element for whose index it holds, as for all behind it.
  private func firstElement(where holds: (UInt32) -> Bool) -> Int {
    let run = runs.partitioningIndex { holds(UInt32($0.last)) }
    guard run < runs.count else { return count }
    let within = (0..<Int(runs[run].count)).partitioningIndex { element in
      holds(runs[run].first + runs[run].step * UInt32(element))
    }
    return starts[run] + within
  }
}

extension TaskArray {
  /// Reads `0-999`, `1-100:7`, `1,3,10-20` and, with a limit on how many at a time, `0-99%10`.
  /// - Returns: the runs, and the limit or 0.
  package static func parse(_ text: String, field: String) throws(Refusal) -> (
    runs: [IndexRun], parallel: UInt32
  ) {
    let halves = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    var parallel: UInt32 = 0
    if halves.count == 2 {
      guard let limit = number(halves[1]), limit > 0 else {
        throw malformed(text, field, "\(String(halves[1]).quoted) after '%' is no number of tasks at a time")
      }
      parallel = limit
    }
    var runs: [IndexRun] = []
    for part in halves[0].split(separator: ",", omittingEmptySubsequences: false) {
      runs.append(try run(part, of: text, field))
    }
    runs.sort { $0.first < $1.first }
    return (runs, parallel)
  }

  private static func run(_ part: Substring, of text: String, _ field: String) throws(Refusal) -> IndexRun {
    let stepped = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let ends = stepped[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = number(ends[0]) else {
      throw malformed(text, field, "\(String(ends[0]).quoted) is no index from 0 to \(Limits.arrayIndex)")
    }
    guard ends.count == 2 else {
      if stepped.count == 2 {
        throw malformed(text, field, "\(String(part).quoted) has a step, but no range")
      }
      return IndexRun(first: first, count: 1)
    }
    guard let last = number(ends[1]) else {
      throw malformed(text, field, "\(String(ends[1]).quoted) is no index from 0 to \(Limits.arrayIndex)")
    }
    guard last >= first else {
      throw malformed(text, field, "\(String(stepped[0]).quoted) runs backwards: write \(last)-\(first)")
    }
    var step: UInt32 = 1
    if stepped.count == 2 {
      guard let given = number(stepped[1]), given > 0 else {
        throw malformed(text, field, "\(String(stepped[1]).quoted) is no step: use a whole number from 1 on")
      }
      step = given
    }
    return IndexRun(first: first, step: step, count: (last - first) / step + 1)
  }

  /// Digits and nothing else, up to the largest index.
  private static func number(_ text: Substring) -> UInt32? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let value = UInt32(text),
      value <= Limits.arrayIndex
    else { return nil }
    return value
  }

  private static func malformed(_ text: String, _ field: String, _ reason: String) -> Refusal {
    Refusal(
      .invalid,
      field: field,
      "\(text.quoted) is no array: \(reason). Write it as in 0-999, 1-100:7 or 1,3,10-20, with %50 behind it for at most "
        + "50 at a time."
    )
  }
}
