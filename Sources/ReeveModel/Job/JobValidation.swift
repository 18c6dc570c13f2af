/// Every rule that a job must keep to be taken, for the command line as for the master: what the one lets
/// pass, the other does not refuse.
extension JobSpec {
  /// Refuses the first thing that is wrong, from the job's id to circles among its tasks.
  ///
  /// Templates are looked at once, not once a task, and names as bytes.
  /// - Complexity: O(bytes of the job); 100,000 tasks take some milliseconds.
  package func validate() throws(Refusal) {
    try id.validate()
    try validateContents()
  }

  /// All but the id, which the caller may not have chosen yet.
  package func validateContents() throws(Refusal) {
    try validateCount()
    try validateColumns()
    try validateHead()
    try validateTemplates()
    try validateNames()
    try validateCommands()
    try validateArrays()
    try validateDependencies()
    try validateOuterDependencies()
    try DependencyGraph(of: withOwnDependencies()).validate()
  }

  private func validateCount() throws(Refusal) {
    if entryCount == 0, !isOpen {
      throw Refusal(.invalid, field: "tasks", "the job has no tasks. Give it at least one.")
    }
    // One after the other, for a sum of what nobody has checked might overflow.
    var count = entryCount
    for array in arrays {
      // It stands for its tasks, and is none itself.
      count = array.runs.reduce(count - 1) { min($0 + Int($1.count), Limits.tasks + 1) }
    }
    if count > Limits.tasks {
      throw Refusal(
        .tooLarge,
        field: "tasks",
        "\(count > Limits.tasks && !arrays.isEmpty ? "more than \(Limits.tasks)" : "\(count)") tasks are too many for one job. "
          + "Split it; the most is \(Limits.tasks)."
      )
    }
  }

  /// Columns that do not agree come from a program, never from a person: one message is enough for all.
  private func validateColumns() throws(Refusal) {
    let ends = [taskNames.count, arguments.count, dependencyEnds.count]
    let count = entryCount
    var agree = ends.allSatisfy { $0 == count } && Int(dependencyEnds.last ?? 0) == dependencies.count
    agree = agree && (dependencyKinds.isEmpty || dependencyKinds.count == dependencies.count)
    agree = agree && zip(dependencyEnds, dependencyEnds.dropFirst()).allSatisfy { $0 <= $1 }
    if agree { return }
    throw Refusal(
      .invalid,
      field: "tasks",
      """
      the columns of the job do not agree: \(count) templates, \(taskNames.count) names, \
      \(arguments.count) argument lists, \(dependencyEnds.count) dependency lists for \
      \(dependencies.count) dependencies.
      """
    )
  }

  private func validateHead() throws(Refusal) {
    try validateLine(name, field: "name")
    try validateLine(user, field: "user")
    try labels.validateLabels(field: "labels")
    if !addition.isEmpty { try validateAddition() }
  }

  /// What is of the whole job was said when it was opened.
  private func validateAddition() throws(Refusal) {
    try JobID(addition).validate(field: "addition")
    let given = [
      ("name", !name.isEmpty), ("labels", !labels.isEmpty), ("maxFailures", failuresMax > 0),
      ("open", isOpen),
    ]
    for (field, isGiven) in given where isGiven {
      throw Refusal(
        .invalid,
        field: field,
        "it is of the whole job \(id.text.quoted), and was settled when that was opened. Leave it out where tasks are added."
      )
    }
  }

  private func validateTemplates() throws(Refusal) {
    let limit = templates.count
    if let task = taskTemplates.firstIndex(where: { $0 >= limit }) {
      throw Refusal(
        .invalid,
        field: "tasks[\(task)]",
        "its template \(taskTemplates[task]) does not exist; the job has \(limit)."
      )
    }
    for (i, template) in templates.enumerated() {
      do throws(Refusal) {
        try template.validate(at: "")
      } catch {
        // People know tasks, not templates: the first task that shares this one is named.
        let user = taskTemplates.firstIndex(of: UInt32(i))
        let path = user.map { "tasks[\($0)]" } ?? "templates[\(i)]"
        throw Refusal(error.code, field: path + error.field, error.message)
      }
    }
  }

  private func validateNames() throws(Refusal) {
    if let task = firstInvalidName() {
      throw TaskName.refusal(taskNames[task], field: "tasks[\(task)].id")
    }
    var index = NameIndex(capacity: entryCount)
    for task in 0..<entryCount {
      guard let earlier = index.insert(task, of: taskNames) else { continue }
      throw Refusal(
        .duplicate,
        field: "tasks[\(task)].id",
        "\(taskNames[task].quoted) is the id of tasks[\(earlier)] already. Ids are unique within a job."
      )
    }
  }

  private func firstInvalidName() -> Int? {
    taskNames.bytes.withUnsafeBufferPointer { bytes in
      (0..<entryCount).first { !TaskName.isValid(bytes, taskNames.range($0)) }
    }
  }

  private func validateCommands() throws(Refusal) {
    let hasProgram = templates.map { !$0.command.isEmpty }
    for task in 0..<entryCount where !hasProgram[Int(taskTemplates[task])] {
      let own = arguments.range(task)
      if own.isEmpty || arguments.strings.range(own.lowerBound).isEmpty {
        throw emptyProgram(at: "tasks[\(task)]")
      }
    }
    let words = arguments.strings
    if let word = words.firstWordWithNUL {
      try refuseNUL(words[word], what: "argument", field: "tasks[\(task(ofWord: word))].command")
    }
    if let word = words.firstNotUTF8 {
      throw notUTF8(words[word], what: "argument", field: "tasks[\(task(ofWord: word))].command")
    }
    if let word = (0..<words.count).first(where: { words.range($0).count > Limits.argumentBytes }) {
      throw tooLong(words.range(word).count, what: "argument", field: "tasks[\(task(ofWord: word))].command")
    }
  }

  func notUTF8(_ text: String, what: String, field: String) -> Refusal {
    Refusal(
      .invalid,
      field: field,
      "the \(what) \(text.quoted) is not UTF-8. Send text; pass other bytes in a file."
    )
  }

  /// The task whose own arguments hold string `word` of them all.
  private func task(ofWord word: Int) -> Int {
    arguments.ends.firstIndex { $0 > word } ?? 0
  }

  private func validateDependencies() throws(Refusal) {
    let count = entryCount
    for task in 0..<count {
      for edge in dependencyRange(task) {
        let dependency = Int(dependencies[edge])
        if dependency < count && dependency != task {
          if !dependencyKinds.isEmpty { try validateEach(edge, from: task) }
          continue
        }
        let field = "tasks[\(task)].after"
        if dependency >= count {
          throw Refusal(
            .unknownDependency,
            field: field,
            "it waits for task \(dependency), but the job has only \(count), counted from 0."
          )
        }
        throw Refusal(
          .cycle,
          field: field,
          "\(taskNames[task].quoted) waits for itself. Remove it from its own dependencies."
        )
      }
    }
  }
}

extension PackedStrings {
  /// The least of all bytes first, which the compiler does many at a time, and a search only where it is 0.
  fileprivate var firstWordWithNUL: Int? {
    let least = bytes.withUnsafeBufferPointer { $0.reduce(UInt8.max) { min($0, $1) } }
    guard least == 0, let place = bytes.firstIndex(of: 0) else { return nil }
    return ends.firstIndex { $0 > place }
  }

  /// All bits of all bytes first, in the same way: what is ASCII is not looked at string by string.
  var firstNotUTF8: Int? {
    let bits = bytes.withUnsafeBufferPointer { $0.reduce(0 as UInt8) { $0 | $1 } }
    guard bits >= 0x80 else { return nil }
    return (0..<count).first { String(validating: bytes[range($0)], as: UTF8.self) == nil }
  }
}
