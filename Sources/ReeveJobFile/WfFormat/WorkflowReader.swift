package import ReeveModel

/// Reads a workflow in WfFormat (WfCommons): schema 1.5 and 1.6, which keep what was planned and what ran
/// apart, and 1.4 and older, which have one flat list. The file may be gzipped.
///
/// Of what the schema leaves open nothing is refused: other programs add keys of their own. Edges given on
/// either side count; they name ids, in the flat list names. A file of the same id is the same file.
/// - Throws: a refusal with the place in the (unpacked) file.
package func readWorkflow(_ bytes: [UInt8]) throws(Refusal) -> Workflow {
  let document = try JSONParser.parse(try unzipped(bytes))
  var reader = WorkflowReader(document: document)
  return try reader.workflow()
}

struct WorkflowReader {
  let document: Document
  /// By id, from the list of files; the flat list has none and says sizes where it names files.
  var sizes: [String: Int64] = [:]
  private var tasks: [Workflow.Task] = []
  /// The node of each task that holds its edges.
  private var nodes: [Int] = []
  private var isFlat = false
  private var byID: [String: Int] = [:]
  /// A name that several tasks have leads to none of them.
  private var byName: [String: Int?] = [:]

  init(document: Document) { self.document = document }

  mutating func workflow() throws(Refusal) -> Workflow {
    guard let body = document.member("workflow", of: 0), document.kind(body) == .object else {
      throw document.refusal(
        .invalid,
        at: 0,
        field: "workflow",
        "a WfFormat file has an object \"workflow\"; this has none."
      )
    }
    if let specification = document.member("specification", of: body) {
      try readPlanned(specification, execution: document.member("execution", of: body))
    } else if let list = document.member("tasks", of: body) ?? document.member("jobs", of: body) {
      try readFlat(list)
    } else {
      throw document.refusal(
        .invalid,
        at: body,
        field: "workflow",
        "the workflow has neither a \"specification\" nor \"tasks\"."
      )
    }
    try connect()
    return Workflow(name: try optional("name", of: 0) ?? "", tasks: tasks)
  }

  /// 1.5: two lists of tasks joined by `id`, in any order, and one of files.
  private mutating func readPlanned(_ specification: Int, execution: Int?) throws(Refusal) {
    for file in try list(document.member("files", of: specification)) {
      sizes[try required("id", of: file)] = try size(of: file)
    }
    var ran: [String: Int] = [:]
    for task in try list(execution.flatMap { document.member("tasks", of: $0) }) {
      ran[try required("id", of: task)] = task
    }
    for node in try list(document.member("tasks", of: specification)) {
      let id = try required("id", of: node)
      var task = try task(id: id, planned: node, ran: ran[id] ?? node)
      task.inputs = try files(document.member("inputFiles", of: node))
      task.outputs = try files(document.member("outputFiles", of: node))
      try append(task, node)
    }
  }

  /// 1.4 and older: edges name the task's `name`, which older files have in place of an id.
  private mutating func readFlat(_ tasks: Int) throws(Refusal) {
    isFlat = true
    for node in try list(tasks) {
      let name = try required("name", of: node)
      let id = try optional("id", of: node) ?? name
      var task = try task(id: id, planned: node, ran: node)
      for file in try list(document.member("files", of: node)) {
        let key = document.member("id", of: file) == nil ? "name" : "id"
        let entry = Workflow.File(id: try required(key, of: file), size: try size(of: file))
        if try required("link", of: file) == "output" {
          task.outputs.append(entry)
        } else {
          task.inputs.append(entry)
        }
      }
      try append(task, node)
    }
  }

  private mutating func append(_ task: Workflow.Task, _ node: Int) throws(Refusal) {
    if byID.updateValue(tasks.count, forKey: task.id) != nil {
      throw document.refusal(.duplicate, at: node, "the task \(task.id.quoted) comes twice. Ids are unique.")
    }
    byName[task.name] = .some(byName[task.name] == nil ? tasks.count : nil)
    tasks.append(task)
    nodes.append(node)
  }

  /// Parents and children are two ways to tell one edge.
  private mutating func connect() throws(Refusal) {
    var parents = [Set<Int>](repeating: [], count: tasks.count)
    for (place, node) in nodes.enumerated() {
      for parent in try list(document.member("parents", of: node)) {
        parents[place].insert(try self.place(of: parent))
      }
      for child in try list(document.member("children", of: node)) {
        parents[try self.place(of: child)].insert(place)
      }
    }
    for place in tasks.indices { tasks[place].parents = parents[place].sorted() }
  }

  private func place(of node: Int) throws(Refusal) -> Int {
    let word = try text(node, "parents and children")
    let named = byName[word].flatMap { $0 }
    if let place = isFlat ? named ?? byID[word] : byID[word] ?? named { return place }
    let hint = suggestion(for: word, among: tasks.lazy.map { isFlat ? $0.name : $0.id })
    throw document.refusal(.unknownDependency, at: node, "\(word.quoted) is no task of this workflow.\(hint)")
  }
}
