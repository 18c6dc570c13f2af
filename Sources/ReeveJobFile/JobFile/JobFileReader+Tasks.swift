import ReeveModel

extension JobFileReader {
  /// Adds a task to the columns.
  mutating func append(_ fields: TaskFields, at node: Int, _ owner: FieldOwner) throws(Refusal) {
    if let id = fields.id {
      guard isText(id) else { throw wrong(id, Field(owner: owner, key: .id), "a string, such as \"fetch\"") }
      names.append(document.text(id))
    } else {
      names.append(String(names.count))
    }
    guard let command = fields.command else {
      throw document.refusal(
        .invalid,
        at: node,
        field: "\(owner.path).command",
        #"the task has no "command". Give it one, such as ["echo", "hello"]."#
      )
    }
    var template = fields.template
    template.command = [try takeCommand(command, Field(owner: owner, key: .command))]
    argumentEnds.append(UInt32(arguments.count))
    job.taskTemplates.append(number(of: template))
    afterNodes.append(UInt32(fields.after ?? 0))
  }

  /// Adds the arguments behind the program.
  /// - Returns: the program. A string is a line for the shell.
  private mutating func takeCommand(_ command: Int, _ field: Field) throws(Refusal) -> String {
    let right = #"a list of strings, such as ["echo", "hello"], or one string for the shell"#
    switch document.kind(command) {
    case .string where document.nodes[command].length > 0:
      arguments.append("-c")
      arguments.append(document.text(command))
      return "/bin/sh"
    case .array where document.count(command) > 0:
      for (_, word) in document.children(of: command) {
        guard isText(word) else { throw wrong(word, field, "each word of a command as a string in quotes") }
        if word > command + 1 { arguments.append(document.text(word)) }
      }
      return document.string(command + 1)
    case .string, .array:
      throw document.refusal(
        .invalid,
        at: command,
        field: field.path,
        "the command is empty. Write \(right)."
      )
    default:
      throw wrong(command, field, right)
    }
  }

  private mutating func number(of template: TaskTemplate) -> UInt32 {
    // Most tasks are like the one before; comparing costs less than hashing.
    if let last = job.taskTemplates.last, job.templates[Int(last)] == template { return last }
    if let known = templateNumbers[template] { return known }
    let number = UInt32(job.templates.count)
    templateNumbers[template] = number
    job.templates.append(template)
    return number
  }
}

/// Dependencies, once all names are known.
extension JobFileReader {
  mutating func resolveDependencies() throws(Refusal) {
    var index = NameIndex(capacity: job.taskNames.count)
    // A name that comes twice is refused with all the other rules, by place.
    for task in 0..<job.taskNames.count { _ = index.insert(task, of: job.taskNames) }
    for (task, node) in afterNodes.enumerated() {
      if node != 0 { try appendDependencies(Int(node), FieldOwner.task(task), index) }
      job.dependencyEnds.append(UInt32(job.dependencies.count))
    }
  }

  private mutating func appendDependencies(
    _ after: Int,
    _ owner: FieldOwner,
    _ index: NameIndex
  ) throws(Refusal) {
    let field = Field(owner: owner, key: .after)
    guard document.kind(after) == .array else {
      throw wrong(after, field, #"a list of task ids, such as ["fetch"]"#)
    }
    for (_, entry) in document.children(of: after) {
      let name = document.kind(entry) == .object ? try conditional(entry, field) : entry
      guard isText(name) else { throw wrong(name, field, #"the id of a task, such as "fetch""#) }
      let (bytes, range) = document.text(name)
      guard let dependency = index.find(bytes, range, in: job.taskNames) else {
        throw unknownTask(name, field)
      }
      job.dependencies.append(UInt32(dependency))
    }
  }

  /// `{"task": "fetch", "when": "succeeded"}`.
  /// - Returns: the node of the task's id.
  private func conditional(_ entry: Int, _ field: Field) throws(Refusal) -> Int {
    var task: Int?
    for (keyNode, value) in document.children(of: entry) {
      switch document.string(keyNode) {
      case "task": task = value
      case "when": try checkCondition(value, field)
      case let word:
        let hint = suggestion(for: word, among: ["task", "when"])
        throw document.refusal(
          .unknownKey,
          at: keyNode,
          field: field.path,
          "\(word.quoted) is no key of a dependency.\(hint)"
        )
      }
    }
    guard let task else {
      throw wrong(entry, field, #"{"task": "fetch", "when": "succeeded"}, or just the id"#)
    }
    return task
  }

  private func checkCondition(_ value: Int, _ field: Field) throws(Refusal) {
    guard document.kind(value) == .string,
      let condition = DependencyCondition(rawValue: document.string(value))
    else { throw wrong(value, field, "\"succeeded\"") }
    guard DependencyCondition.supported.contains(condition) else {
      throw document.refusal(
        .invalid,
        at: value,
        field: field.path,
        "the condition \"\(condition.rawValue)\" is not supported yet. Use \"succeeded\"."
      )
    }
  }

  private func unknownTask(_ node: Int, _ field: Field) -> Refusal {
    let name = document.string(node)
    // Of a huge job the first names are enough: who mistypes one among millions finds it by its place.
    let known = (0..<min(job.taskNames.count, 100_000)).lazy.map { job.taskNames[$0] }
    return document.refusal(
      .unknownDependency,
      at: node,
      field: field.path,
      "\(name.quoted) is no task of this job.\(suggestion(for: name, among: known))"
    )
  }
}

/// Where in the file a field stands.
extension JobFileReader {
  /// The node that a path such as `tasks[4].memory` is about: the task's own key, else that of the defaults,
  /// else the task; the whole where the path leads nowhere.
  func node(of path: String) -> Int {
    let parts = path.split(separator: ".", maxSplits: 1)
    guard let head = parts.first else { return 0 }
    guard head.hasPrefix("tasks["), head.hasSuffix("]"), let tasksNode,
      let place = Int(head.dropFirst(6).dropLast())
    else { return document.member(String(head), of: 0) ?? 0 }
    let task = document.children(of: tasksNode).dropFirst(place).first { _ in true }?.value ?? tasksNode
    guard parts.count == 2 else { return task }
    let key = String(parts[1])
    return document.member(key, of: task) ?? defaultsNode.flatMap { document.member(key, of: $0) } ?? task
  }
}
