extension JobSpec {
  func validateArrays() throws(Refusal) {
    var next: UInt32 = 0
    for array in arrays {
      guard array.entry >= next, Int(array.entry) < entryCount else {
        throw Refusal(
          .invalid,
          field: "tasks",
          "an array stands at entry \(array.entry), out of order or beyond the \(entryCount) that there are."
        )
      }
      next = array.entry + 1
      try validate(array, at: "tasks[\(array.entry)]")
    }
    try refuseNamesOfElements()
  }

  private func validate(_ array: TaskArray, at path: String) throws(Refusal) {
    let field = "\(path).array"
    guard !array.runs.isEmpty, array.runs.allSatisfy({ $0.count > 0 && $0.step > 0 }) else {
      throw Refusal(.invalid, field: field, "the array has no indices. Write it as in 0-999.")
    }
    for run in array.runs where run.last > UInt64(Limits.arrayIndex) {
      throw Refusal(
        .invalid,
        field: field,
        "index \(run.last) is too large; the most is \(Limits.arrayIndex)."
      )
    }
    for (a, b) in zip(array.runs, array.runs.dropFirst()) where UInt64(b.first) <= a.last {
      throw Refusal(
        .duplicate,
        field: field,
        "\(b.first) comes within or before \(a.first)-\(a.last). Give the indices in ascending order, each once."
      )
    }
    if !array.values.isEmpty, array.values.count != array.count {
      throw Refusal(
        .invalid,
        field: "\(path).values",
        "there are \(array.values.count) values for \(array.count) tasks. Give one a task."
      )
    }
    if let long = (0..<array.values.count).first(where: {
      array.values.range($0).count > Limits.argumentBytes
    }) {
      throw tooLong(array.values.range(long).count, what: "value", field: "\(path).values")
    }
    if let value = array.values.firstNotUTF8 {
      throw notUTF8(array.values[value], what: "value", field: "\(path).values")
    }
    if let place = array.values.bytes.firstIndex(of: 0) {
      let value = array.values.ends.firstIndex { $0 > place } ?? 0
      try refuseNUL(array.values[value], what: "value", field: "\(path).values")
    }
  }

  /// `tile.3` may not be an entry where `tile` is an array with an index 3.
  private func refuseNamesOfElements() throws(Refusal) {
    guard !arrays.isEmpty, entryCount > arrays.count else { return }
    var byName: [String: TaskArray] = [:]
    for array in arrays { byName[taskNames[Int(array.entry)]] = array }
    for entry in 0..<entryCount {
      let name = taskNames[entry]
      guard let (stem, index) = Self.numbered(name), byName[stem]?.element(ofIndex: index) != nil else {
        continue
      }
      throw Refusal(
        .duplicate,
        field: "tasks[\(entry)].id",
        "\(name.quoted) is the id of a task of the array \(stem.quoted). Choose another."
      )
    }
  }

  func validateOuterDependencies() throws(Refusal) {
    var last: UInt32 = 0
    let own = ownTargets()
    for (i, outer) in outerDependencies.enumerated() {
      let field = "tasks[\(outer.entry)].after"
      guard Int(outer.entry) < entryCount, outer.entry >= last else {
        throw Refusal(.invalid, field: field, "dependencies on other jobs are out of order, or of no task.")
      }
      last = outer.entry
      if !outer.isOwn { try outer.job.validate(field: field) }
      if !outer.task.isEmpty, !TaskName.isValid(outer.task) {
        throw TaskName.refusal(outer.task, field: field)
      }
      guard isOwn(outer) else { continue }
      if outer.task.isEmpty {
        throw Refusal(.cycle, field: field, "it waits for its own job \(id.text.quoted). Name a task of it.")
      }
      // What was added earlier only the master knows.
      if own[i] == nil, addition.isEmpty {
        throw Refusal(.unknownDependency, field: field, "\(outer.task.quoted) is no task of this job.")
      }
    }
  }

  package func isOwn(_ outer: OuterDependency) -> Bool { outer.isOwn || outer.job == id }

  /// Of each outer dependency on the own job, the places of what it waits for; `nil` where that is not in this submission.
  package func ownTargets() -> [Range<Int>?] {
    guard outerDependencies.contains(where: isOwn) else {
      return Array(repeating: nil, count: outerDependencies.count)
    }
    let (index, layout) = (NameIndex(of: taskNames), TaskLayout(of: self))
    return outerDependencies.map { isOwn($0) ? places(named: $0.task, layout, index) : nil }
  }

  /// The job with its dependencies on single tasks of its own arrays among the others, so that no circle is overlooked.
  func withOwnDependencies() -> JobSpec {
    let targets = ownTargets()
    guard targets.contains(where: { $0 != nil }) else { return self }
    let layout = TaskLayout(of: self)
    var graph = self
    (graph.dependencies, graph.dependencyEnds, graph.dependencyKinds) = ([], [], [])
    for entry in 0..<entryCount {
      graph.dependencies += dependencies[dependencyRange(entry)]
      for target in outerRange(entry).compactMap({ targets[$0] }) {
        graph.dependencies.append(UInt32(layout.entry(at: target.lowerBound)))
      }
      graph.dependencyEnds.append(UInt32(graph.dependencies.count))
    }
    return graph
  }

  /// An edge from each task of an array to the one at the same place of another.
  func validateEach(_ edge: Int, from entry: Int) throws(Refusal) {
    if dependencyKinds[edge] & ~3 == 0, dependencyKinds[edge] < 3 { return }
    let field = "tasks[\(entry)].after"
    guard let kind = DependencyKind(code: dependencyKinds[edge]) else {
      throw Refusal(.invalid, field: field, "\(dependencyKinds[edge]) is no kind of dependency.")
    }
    guard kind.isEach else { return }
    let sizes = [entry, Int(dependencies[edge])].map { array(ofEntry: $0)?.count }
    if let own = sizes[0], let other = sizes[1], own == other { return }
    throw Refusal(
      .invalid,
      field: field,
      "\(taskNames[entry].quoted) is to wait for \(taskNames[Int(dependencies[edge])].quoted) task by task: both have to be "
        + "arrays of as many tasks (here \(sizes.map { $0.map { "\($0)" } ?? "no array" }.joined(separator: " and ")))."
    )
  }
}
