import ReeveModel

/// What the keys of a task, or of `defaults`, say. Keys that need all tasks to be known stay nodes.
struct TaskFields {
  var template = TaskTemplate()
  var id: Int?
  var command: Int?
  var after: Int?
  var array: Int?
  var values: Int?
}

extension JobFileReader {
  /// The fields of the object at `node` over those that it does not mention.
  func readFields(of node: Int, _ owner: FieldOwner, over base: TaskFields) throws(Refusal) -> TaskFields {
    guard document.kind(node) == .object else {
      throw document.refusal(
        .invalid,
        at: node,
        field: owner.path,
        "an object is wanted here, such as {\"cpus\": 1, \"memory\": \"1GiB\"}."
      )
    }
    var fields = base
    for (keyNode, value) in document.children(of: node) {
      try read(value, try key(at: keyNode, of: owner), owner, into: &fields)
    }
    return fields
  }

  private func key(at node: Int, of owner: FieldOwner) throws(Refusal) -> TaskKey {
    let word = document.string(node)
    guard let key = TaskKey(rawValue: word) else {
      let hint = suggestion(for: word, among: TaskKey.allCases.map(\.rawValue))
      throw document.refusal(
        .unknownKey,
        at: node,
        field: "\(owner.path).\(word)",
        "\(word.quoted) is no key of a task.\(hint)"
      )
    }
    if case .defaults = owner, !key.hasDefault {
      throw document.refusal(
        .invalid,
        at: node,
        field: "\(owner.path).\(word)",
        "\(word.quoted) belongs to each task. Move it from the defaults to the tasks."
      )
    }
    return key
  }

  private func read(
    _ value: Int,
    _ key: TaskKey,
    _ owner: FieldOwner,
    into fields: inout TaskFields
  ) throws(Refusal) {
    let field = Field(owner: owner, key: key)
    switch key {
    case .id: fields.id = value
    case .command: fields.command = value
    case .after: fields.after = value
    case .array: fields.array = value
    case .values: fields.values = value
    case .cpus: fields.template.resources.cpuMillis = try cpuMillis(of: value, field)
    case .memory: fields.template.resources.memory = try bytes(of: value, field)
    case .disk: fields.template.resources.disk = try bytes(of: value, field)
    case .time: fields.template.timeLimit = try duration(of: value, field)
    case .deadline: fields.template.deadline = try duration(of: value, field)
    case .grace: fields.template.grace = try duration(of: value, field)
    case .priority: fields.template.priority = try priority(of: value, field)
    case .directory: fields.template.directory = try text(of: value, field.path)
    case .env:
      let own = try variables(of: value, field.path)
      fields.template.environment = merged(fields.template.environment, own)
    case .onNodeLoss: fields.template.onNodeLoss = try nodeLossChoice(of: value, field)
    case .labels:
      let own = try variables(of: value, field.path)
      fields.template.labels = merged(fields.template.labels, own)
    case .constraints:
      let own = try constraints(of: value, field)
      let named = Set(own.map(\.attribute))
      let others = fields.template.constraints.filter { !named.contains($0.attribute) }
      fields.template.constraints = (others + own).normalised
    case .inputs: fields.template.inputs = try texts(of: value, field)
    case .outputs: fields.template.outputs = try texts(of: value, field)
    case .retries: fields.template.retry = try retryRule(of: value, field)
    case .warning:
      guard document.kind(value) == .string else {
        throw wrong(value, field, #"a signal and a time, such as "USR1@60s""#)
      }
      fields.template.warning = try placed(value, field) { text throws(Refusal) in
        try TimeWarning.parse(text, field: "")
      }
    }
  }

  private func constraints(of value: Int, _ field: Field) throws(Refusal) -> [AttributeConstraint] {
    guard document.kind(value) == .array else {
      throw wrong(value, field, #"a list of constraints, such as ["gpu=a100", "zone!=c"]"#)
    }
    var constraints: [AttributeConstraint] = []
    for (_, entry) in document.children(of: value) {
      guard document.kind(entry) == .string else {
        throw wrong(entry, field, #"a constraint, such as "gpu=a100", "zone=a,b" or "zone!=c""#)
      }
      constraints.append(
        try placed(entry, field) { text throws(Refusal) in
          try AttributeConstraint(parsing: text, field: "")
        }
      )
    }
    return constraints
  }

  private func texts(of value: Int, _ field: Field) throws(Refusal) -> [String] {
    guard document.kind(value) == .array else {
      throw wrong(value, field, #"a list of names, such as ["scene.dat"]"#)
    }
    var texts: [String] = []
    for (_, entry) in document.children(of: value) {
      guard isText(entry) else { throw wrong(entry, field, #"a name, such as "scene.dat""#) }
      texts.append(document.string(entry))
    }
    return texts
  }

  private func nodeLossChoice(of value: Int, _ field: Field) throws(Refusal) -> NodeLossChoice {
    guard document.kind(value) == .string, let choice = NodeLossChoice(word: try text(of: value, field.path))
    else { throw wrong(value, field, "one of \"requeue\", \"wait\" and \"fail\"") }
    return choice
  }

  private func cpuMillis(of value: Int, _ field: Field) throws(Refusal) -> Int64 {
    switch document.kind(value) {
    case .number, .string:
      try placed(value, field) { text throws(Refusal) in try Quantity.cpuMillis(text, field: "") }
    default: throw wrong(value, field, "a number of cores, such as 2, 0.5 or \"500m\"")
    }
  }

  private func bytes(of value: Int, _ field: Field) throws(Refusal) -> Int64 {
    switch document.kind(value) {
    case .number:
      try placed(value, field) { text throws(Refusal) in try Quantity.bytes(number: text, field: "") }
    case .string:
      try placed(value, field) { text throws(Refusal) in try Quantity.bytes(text, field: "") }
    default: throw wrong(value, field, "a size, such as \"512MiB\", or a number of bytes")
    }
  }

  func duration(of value: Int, _ field: Field) throws(Refusal) -> TimeSpan {
    switch document.kind(value) {
    case .number:
      try placed(value, field) { text throws(Refusal) in try Quantity.duration(number: text, field: "") }
    case .string:
      try placed(value, field) { text throws(Refusal) in try Quantity.duration(text, field: "") }
    default: throw wrong(value, field, "a time, such as \"10m\" or \"1h30m\", or a number of seconds")
    }
  }

  private func priority(of value: Int, _ field: Field) throws(Refusal) -> Int32 {
    guard document.kind(value) == .number, let whole = ExactDecimal(document.string(value))?.integer,
      let priority = Int32(exactly: whole)
    else {
      throw wrong(
        value,
        field,
        "a whole number from \(Limits.priority.lowerBound) to \(Limits.priority.upperBound)"
      )
    }
    return priority
  }

  /// Gives what `read` refuses its place and its field.
  func placed<Result>(
    _ value: Int,
    _ field: Field,
    _ read: (String) throws(Refusal) -> Result
  ) throws(Refusal) -> Result {
    do throws(Refusal) {
      return try read(document.string(value))
    } catch {
      throw document.refusal(error.code, at: value, field: field.path, error.message)
    }
  }

  /// Both are sorted; the task's own win.
  private func merged(_ base: [TaskTemplate.Variable], _ own: [TaskTemplate.Variable]) -> [TaskTemplate
    .Variable]
  {
    if base.isEmpty { return own }
    let ownNames = Set(own.map(\.name))
    return (base.filter { !ownNames.contains($0.name) } + own).sorted { $0.name < $1.name }
  }
}

extension JobFileReader {
  func wrong(_ value: Int, _ field: Field, _ right: String) -> Refusal {
    wrong(value, field.path, right)
  }

  /// A value of the wrong kind: what it is, and what would be right.
  func wrong(_ value: Int, _ path: String, _ right: String) -> Refusal {
    document.refusal(.invalid, at: value, field: path, "\(shown(value)) is wrong here. Write \(right).")
  }

  private func shown(_ value: Int) -> String {
    switch document.kind(value) {
    case .null, .bool, .number: document.string(value)
    case .string: document.string(value).quoted
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// Text, for which a number stands as well: `id: 7`. A `true` does not, for a program might want it `True`
  /// or `1`.
  func isText(_ value: Int) -> Bool { document.kind(value) == .string || document.kind(value) == .number }

  func text(of value: Int, _ path: @autoclosure () -> String) throws(Refusal) -> String {
    guard isText(value) else { throw wrong(value, path(), "a string in quotes") }
    return document.string(value)
  }

  /// An object of strings, sorted by name.
  func variables(of value: Int, _ path: String) throws(Refusal) -> [TaskTemplate.Variable] {
    guard document.kind(value) == .object else {
      throw wrong(value, path, "an object of strings, such as {\"MODE\": \"fast\"}")
    }
    var variables: [TaskTemplate.Variable] = []
    for (keyNode, child) in document.children(of: value) {
      let name = document.string(keyNode)
      variables.append(.init(name: name, value: try text(of: child, "\(path).\(name)")))
    }
    return variables.sorted { $0.name < $1.name }
  }
}
