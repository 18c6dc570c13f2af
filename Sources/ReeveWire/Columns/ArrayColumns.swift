import ReeveModel

extension Reeve_V1_TaskArray {
  init(_ array: TaskArray) {
    self.init()
    entry = array.entry
    firsts = array.runs.map(\.first)
    steps = array.runs.map(\.step)
    counts = array.runs.map(\.count)
    parallel = array.parallel
    if !array.values.isEmpty { values = Reeve_V1_PackedStrings(array.values) }
  }
}

extension TaskArray {
  /// Steps and counts that are none, and sums that overflow, are the model's to refuse.
  init(wire: Reeve_V1_TaskArray) throws(WireError) {
    let (firsts, steps, counts) = (wire.firsts, wire.steps, wire.counts)
    try check("steps", length: steps.count, is: firsts.count)
    try check("counts", length: counts.count, is: firsts.count)
    self.init(
      entry: wire.entry,
      runs: firsts.indices.map { IndexRun(first: firsts[$0], step: steps[$0], count: counts[$0]) },
      parallel: wire.parallel,
      values: try PackedStrings("values", wire: wire.values)
    )
  }
}
