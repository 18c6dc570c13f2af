import ReeveModel

extension JobFileReader {
  /// Adds a task to the columns.
  mutating func append(_ fields: TaskFields, at node: Int, _ owner: FieldOwner) throws(Refusal) {
    if let id = fields.id {
      guard isText(id) else { throw wrong(id, Field(owner: owner, key: .id), "a string, such as \"fetch\"") }
      names.append(document.text(id))
    } else {
      names.append(job.addition.isEmpty ? "\(names.count)" : "\(names.count)-\(job.addition)")
    }
    guard let command = fields.command else {
      throw document.refusal(
        .invalid,
        at: node,
        field: "\(owner.path).command",
        #"the task has no "command". Give it one, such as ["echo", "hello"]."#
      )
    }
    try appendArray(fields, owner)
    var template = fields.template
    template.command = [try takeCommand(command, Field(owner: owner, key: .command))]
    argumentEnds.append(UInt32(arguments.count))
    job.taskTemplates.append(number(of: template))
    afterNodes.append(UInt32(fields.after ?? 0))
  }

  private mutating func appendArray(_ fields: TaskFields, _ owner: FieldOwner) throws(Refusal) {
    guard fields.array != nil || fields.values != nil else { return }
    var array = TaskArray(entry: UInt32(job.taskTemplates.count), runs: [])
    if let node = fields.array {
      let field = Field(owner: owner, key: .array)
      guard isText(node) else { throw wrong(node, field, #"indices, such as "0-999" or "1-100:7%10""#) }
      (array.runs, array.parallel) = try placed(node, field) { text throws(Refusal) in
        try TaskArray.parse(text, field: "")
      }
    }
    if let node = fields.values {
      guard document.kind(node) == .array, document.count(node) > 0 else {
        throw wrong(node, Field(owner: owner, key: .values), #"a list of one or more, such as ["a", "b"]"#)
      }
      for (_, value) in document.children(of: node) { array.values.append(document.written(value)) }
      if array.runs.isEmpty { array.runs = [TaskArray.IndexRun(first: 0, count: UInt32(array.values.count))] }
    }
    job.arrays.append(array)
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
    // A name that comes twice is refused with all the other rules, by place.
    let index = NameIndex(of: job.taskNames)
    let layout = TaskLayout(of: job)
    for (task, node) in afterNodes.enumerated() {
      job.dependencyEnds.append(UInt32(job.dependencies.count))
      if node != 0 { try appendDependencies(Int(node), FieldOwner.task(task), index, layout) }
    }
  }

  private mutating func appendDependencies(
    _ after: Int,
    _ owner: FieldOwner,
    _ index: NameIndex,
    _ layout: TaskLayout
  ) throws(Refusal) {
    let field = Field(owner: owner, key: .after)
    guard document.kind(after) == .array else {
      throw wrong(after, field, #"a list of task ids, such as ["fetch"]"#)
    }
    for (_, entry) in document.children(of: after) {
      let edge = document.kind(entry) == .object ? try conditional(entry, field) : Edge(task: entry)
      if edge.job != nil {
        try appendOuter(edge, field)
        continue
      }
      guard let name = edge.task, isText(name) else {
        throw wrong(entry, field, #"the id of a task, such as "fetch""#)
      }
      let (bytes, range) = document.text(name)
      if let dependency = index.find(bytes, range, in: job.taskNames) {
        job.appendDependency(UInt32(dependency), edge.kind)
        continue
      }
      // One task of an array, or of what the job had before, which only the master knows.
      let word = document.string(name)
      guard !job.addition.isEmpty || job.places(named: word, layout, index) != nil else {
        throw unknownTask(name, field)
      }
      appendOuter(JobID(""), word, edge.kind)
    }
  }

  private mutating func appendOuter(_ id: JobID, _ task: String, _ kind: DependencyKind) {
    job.outerDependencies.append(
      OuterDependency(entry: UInt32(job.dependencyEnds.count - 1), job: id, task: task, kind)
    )
  }

  private mutating func appendOuter(_ edge: Edge, _ field: Field) throws(Refusal) {
    guard let node = edge.job, isText(node) else { return }
    if let task = edge.task, !isText(task) { throw wrong(task, field, #"the id of a task, such as "fetch""#) }
    appendOuter(JobID(document.string(node)), edge.task.map(document.string) ?? "", edge.kind)
  }

  /// What one dependency says.
  private struct Edge {
    /// Nodes of the names.
    var task: Int?
    var job: Int?
    var kind = DependencyKind()
  }

  /// `{"task": "fetch", "when": "failed"}`, with `"each": true` from array to array, with `"job"` of an earlier job.
  private func conditional(_ entry: Int, _ field: Field) throws(Refusal) -> Edge {
    var edge = Edge()
    for (keyNode, value) in document.children(of: entry) {
      let word = document.string(keyNode)
      switch DependencyKey(rawValue: word) {
      case .task: edge.task = value
      case .job:
        guard isText(value) else { throw wrong(value, field, #"the id of a job, such as "nightly-2""#) }
        edge.job = value
      case .when: edge.kind.condition = try condition(value, field)
      case .each:
        guard document.kind(value) == .bool else { throw wrong(value, field, "true or false") }
        edge.kind.isEach = document.string(value) == "true"
      case nil:
        let hint = suggestion(for: word, among: DependencyKey.allCases.map(\.rawValue))
        throw document.refusal(
          .unknownKey,
          at: keyNode,
          field: field.path,
          "\(word.quoted) is no key of a dependency.\(hint)"
        )
      }
    }
    guard edge.task != nil || edge.job != nil else {
      throw wrong(entry, field, #"{"task": "fetch", "when": "succeeded"}, or just the id"#)
    }
    return edge
  }

  private func condition(_ value: Int, _ field: Field) throws(Refusal) -> DependencyKind.Condition {
    guard document.kind(value) == .string,
      let condition = DependencyKind.Condition(word: document.string(value))
    else {
      let known = DependencyKind.Condition.allCases.map(\.word.quoted)
      throw wrong(value, field, "one of \(known.joined(separator: ", "))")
    }
    return condition
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
