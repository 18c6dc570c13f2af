import FoundationEssentials
package import ReeveModel

extension Reeve_V1_TaskColumns {
  /// All tasks of a job.
  package init(_ spec: JobSpec) {
    self.init()
    names = Reeve_V1_PackedStrings(spec.taskNames)
    templates = spec.taskTemplates
    arguments = Reeve_V1_PackedLists(spec.arguments)
    dependencyEnds = spec.dependencyEnds
    dependencies = spec.dependencies
    dependencyKinds = Data(spec.dependencyKinds)
    arrays = spec.arrays.map { Reeve_V1_TaskArray($0) }
  }

  /// Some of its tasks: ends count from the first of them, places are those of the whole job.
  init(_ range: Range<Int>, of spec: JobSpec) {
    self.init()
    let start = range.lowerBound == 0 ? 0 : spec.dependencyEnds[range.lowerBound - 1]
    let end = range.isEmpty ? start : spec.dependencyEnds[range.upperBound - 1]
    names = Reeve_V1_PackedStrings(range, of: spec.taskNames)
    templates = Array(spec.taskTemplates[range])
    arguments = Reeve_V1_PackedLists(range, of: spec.arguments)
    dependencyEnds = spec.dependencyEnds[range].map { $0 - start }
    dependencies = Array(spec.dependencies[Int(start)..<Int(end)])
    if !spec.dependencyKinds.isEmpty { dependencyKinds = Data(spec.dependencyKinds[Int(start)..<Int(end)]) }
    arrays = spec.arrays.filter { range.contains(Int($0.entry)) }.map { Reeve_V1_TaskArray($0) }
  }

  /// Bytes that the columns take in memory.
  var footprint: Int {
    names.data.count + arguments.strings.data.count
      + 4
      * (names.ends.count + templates.count + arguments.ends.count + arguments.strings.ends.count
        + dependencyEnds.count + dependencies.count) + dependencyKinds.count
      + arrays.reduce(0) { $0 + 64 + 12 * $1.firsts.count + $1.values.data.count + 4 * $1.values.ends.count }
  }
}

extension JobSpec {
  /// Adds tasks as they travel. Their dependencies are not looked at: they may be on tasks that are still to come.
  mutating func append(wire: Reeve_V1_TaskColumns) throws(WireError) {
    let count = wire.templates.count
    let names = try PackedStrings("names", wire: wire.names)
    let lists = try PackedLists("arguments", wire: wire.arguments)
    try check("names", length: names.count, is: count)
    try check("templates", places: wire.templates, of: templates.count)
    try check("arguments", length: lists.count, is: count)
    try check("dependency_ends", length: wire.dependencyEnds.count, is: count)
    try check("dependency_ends", ends: wire.dependencyEnds, of: wire.dependencies.count)
    try checkRoom(for: names, lists, wire.dependencies)
    let arrays = try parts("arrays", wire.arrays, TaskArray.init(wire:))
    try check("arrays", places: arrays.map(\.entry), of: entryCount + count)
    self.arrays += arrays
    try appendKinds(wire)
    if entryCount == 0 {
      (taskNames, taskTemplates, arguments) = (names, wire.templates, lists)
      (dependencyEnds, dependencies) = (wire.dependencyEnds, wire.dependencies)
    } else {
      let base = UInt32(dependencies.count)
      taskNames.append(contentsOf: names)
      taskTemplates.append(contentsOf: wire.templates)
      arguments.append(contentsOf: lists)
      dependencyEnds.append(contentsOf: wire.dependencyEnds.lazy.map { $0 + base })
      dependencies.append(contentsOf: wire.dependencies)
    }
  }

  /// Kinds are there for all edges, or for none.
  private mutating func appendKinds(_ wire: Reeve_V1_TaskColumns) throws(WireError) {
    let own = [UInt8](wire.dependencyKinds)
    if !own.isEmpty { try check("dependency_kinds", length: own.count, is: wire.dependencies.count) }
    try check("dependency_kinds", own, bits: 3)
    if own.isEmpty && dependencyKinds.isEmpty { return }
    dependencyKinds += Array(repeating: 0, count: dependencies.count - dependencyKinds.count)
    dependencyKinds += own.isEmpty ? Array(repeating: 0, count: wire.dependencies.count) : own
  }

  /// Throws if an end in one of the columns would pass 32 bits.
  private func checkRoom(
    for names: PackedStrings,
    _ lists: PackedLists,
    _ dependencies: [UInt32]
  ) throws(WireError) {
    let longest = max(
      taskNames.bytes.count + names.bytes.count,
      arguments.strings.bytes.count + lists.strings.bytes.count,
      arguments.strings.count + lists.strings.count,
      self.dependencies.count + dependencies.count,
      entryCount + names.count
    )
    guard longest <= UInt32.max else { throw WireError("", "\(longest) entries are too many for one job") }
  }

  /// Throws if a task waits for one that is not in the job. Cycles are the scheduler's to find.
  func checkDependencies() throws(WireError) {
    try check("dependencies", places: dependencies, of: entryCount)
  }
}
