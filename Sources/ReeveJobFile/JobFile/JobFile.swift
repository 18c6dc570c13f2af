package import ReeveModel

/// Reads a job file: YAML or JSON, with the keys of `JobKey` and `TaskKey`; unknown keys are errors.
///
/// Tasks that share their program and everything but the rest of their arguments share a template. What the
/// file says has passed every rule of `JobSpec.validateContents`.
/// - Parameters:
///   - bytes: the file.
///   - id: the job's id, before the one in the file. Without either the id is left empty for the caller to choose.
///   - addition: the name of what is added to the open job of that id; empty for a job of its own.
///   - user: whose job it is.
/// - Returns: a job that is whole but for the id where there is none.
/// - Throws: a refusal whose message begins with its place, `line 12, column 7: `, and whose field is a path such as
///   `tasks[4].memory`.
/// - Complexity: O(bytes); a file of 100,000 tasks takes some tenths of a second.
package func readJobFile(
  _ bytes: [UInt8],
  id: JobID?,
  addition: String = "",
  user: String
) throws(Refusal) -> JobSpec {
  try readJob(from: Document.read(bytes), id: id, addition: addition, user: user)
}

/// The same from a file that was read already, whatever its syntax.
package func readJob(
  from document: Document,
  id: JobID?,
  addition: String = "",
  user: String
) throws(Refusal) -> JobSpec {
  var reader = JobFileReader(document: document)
  reader.job.user = user
  reader.job.addition = addition
  try reader.readHead()
  if let id { reader.job.id = id }
  try reader.readTasks()
  try reader.validate()
  return reader.job
}

/// Builds a job from a document, column by column.
struct JobFileReader {
  let document: Document
  var job = JobSpec(id: JobID(""))
  var defaults = TaskFields()
  /// The nodes of `defaults` and `tasks`.
  var defaultsNode: Int?
  var tasksNode: Int?

  var names = StringColumn()
  var arguments = StringColumn()
  var argumentEnds: [UInt32] = []
  /// The node of each task's `after`, or 0, which is never one: names are found when all are known.
  var afterNodes: [UInt32] = []
  var templateNumbers: [TaskTemplate: UInt32] = [:]

  init(document: Document) { self.document = document }

  /// All but the tasks, in whatever order the file has it.
  mutating func readHead() throws(Refusal) {
    guard document.kind(0) == .object else {
      throw document.refusal(
        .invalid,
        at: 0,
        "a job file is one object, such as {\"tasks\": [{\"command\": […]}]}."
      )
    }
    for (keyNode, value) in document.children(of: 0) {
      let word = document.string(keyNode)
      guard let key = JobKey(rawValue: word) else { throw unknownJobKey(word, at: keyNode) }
      switch key {
      case .id:
        guard job.addition.isEmpty else {
          throw document.refusal(
            .invalid,
            at: keyNode,
            field: word,
            "the tasks are added to a job that has its id. Leave \"id\" out."
          )
        }
        job.id = JobID(try text(of: value, "id"))
      case .name: job.name = try text(of: value, "name")
      case .labels: job.labels = try variables(of: value, "labels")
      case .maxFailures:
        job.failuresMax = try whole(value, word, UInt32(Limits.tasks))
        if job.failuresMax == 0 {
          throw wrong(value, word, "1 or more, or leave it out to go on however many fail")
        }
      case .hold: job.isHeld = try flag(value, word)
      case .allowPending: job.mayWaitForNodes = try flag(value, word)
      case .open: job.isOpen = try flag(value, word)
      case .defaults: defaultsNode = value
      case .tasks: tasksNode = value
      }
    }
    if let defaultsNode { defaults = try readFields(of: defaultsNode, .defaults, over: TaskFields()) }
  }

  mutating func readTasks() throws(Refusal) {
    guard let tasksNode else {
      throw document.refusal(
        .invalid,
        at: 0,
        field: "tasks",
        "the job has no \"tasks\". Give it a list of at least one."
      )
    }
    guard document.kind(tasksNode) == .array else {
      throw document.refusal(
        .invalid,
        at: tasksNode,
        field: "tasks",
        "\"tasks\" is a list, such as [{\"command\": […]}]."
      )
    }
    guard document.count(tasksNode) > 0 else {
      throw document.refusal(
        .invalid,
        at: tasksNode,
        field: "tasks",
        "the job has no tasks. Give it at least one."
      )
    }
    for (place, child) in document.children(of: tasksNode).enumerated() {
      let owner = FieldOwner.task(place)
      try append(readFields(of: child.value, owner, over: defaults), at: child.value, owner)
    }
    job.taskNames = names.packed
    guard let lists = PackedLists(strings: arguments.packed, ends: argumentEnds) else {
      preconditionFailure(
        "\(argumentEnds.count) argument lists do not end with their \(arguments.count) strings"
      )
    }
    job.arguments = lists
    try resolveDependencies()
  }

  /// The rules of the model; what they refuse gets its place in the file.
  func validate() throws(Refusal) {
    do throws(Refusal) {
      if !job.id.text.isEmpty { try job.id.validate() }
      try job.validateContents()
    } catch {
      throw document.refusal(error.code, at: node(of: error.field), field: error.field, error.message)
    }
  }

  private func flag(_ value: Int, _ path: String) throws(Refusal) -> Bool {
    guard document.kind(value) == .bool else { throw wrong(value, path, "true or false") }
    return document.string(value) == "true"
  }

  private func unknownJobKey(_ word: String, at node: Int) -> Refusal {
    let hint =
      TaskKey(rawValue: word) == nil
      ? suggestion(for: word, among: JobKey.allCases.map(\.rawValue))
      : " It belongs into a task, or under \"defaults\"."
    return document.refusal(.unknownKey, at: node, field: word, "\(word.quoted) is no key of a job.\(hint)")
  }
}

/// Strings as they come, for a `PackedStrings`: appended as bytes, never made `String`s.
struct StringColumn {
  private var bytes: [UInt8] = []
  private var ends: [UInt32] = []

  var count: Int { ends.count }

  mutating func append(_ text: (bytes: [UInt8], range: Range<Int>)) {
    bytes.append(contentsOf: text.bytes[text.range])
    ends.append(UInt32(bytes.count))
  }

  mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
    ends.append(UInt32(bytes.count))
  }

  var packed: PackedStrings {
    guard let packed = PackedStrings(bytes: bytes, ends: ends) else {
      preconditionFailure("\(ends.count) strings do not end with their \(bytes.count) bytes")
    }
    return packed
  }
}
