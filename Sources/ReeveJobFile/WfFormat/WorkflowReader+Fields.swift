import ReeveModel

/// Single values. Keys of older schemas stand behind those of the newer.
extension WorkflowReader {
  func task(id: String, planned: Int, ran: Int) throws(Refusal) -> Workflow.Task {
    Workflow.Task(
      id: id,
      name: try optional("name", of: planned) ?? id,
      runtime: try runtime(of: ran),
      coreCount: try coreCount(of: ran),
      memory: try memory(of: ran)
    )
  }

  /// Seconds; recorders write a small negative one where a clock went back.
  private func runtime(of node: Int) throws(Refusal) -> Double {
    guard let value = try number("runtimeInSeconds", "runtime", of: node) else { return 0 }
    let seconds = max(0, Double(document.string(value)) ?? .infinity)
    guard seconds <= Limits.timeLimit.seconds else {
      throw document.refusal(
        .invalid,
        at: value,
        "a run time of \(document.string(value)) s is more than ten years."
      )
    }
    return seconds
  }

  /// A count that is not whole is rounded up, and one below 1 is 1: both are found in files.
  private func coreCount(of node: Int) throws(Refusal) -> Int? {
    guard let value = try number("coreCount", "cores", of: node) else { return nil }
    let amount = ExactDecimal(document.string(value))
    if amount?.isNegative == true { return 1 }
    guard let count = amount?.scaled(by: 1), count <= Limits.cpuMillis / 1_000 else {
      throw document.refusal(.invalid, at: value, "\(document.string(value)) cores are more than a million.")
    }
    return max(1, Int(count))
  }

  /// Bytes; `memory` of older schemas counts thousands of them.
  private func memory(of node: Int) throws(Refusal) -> Int64? {
    if let value = try number("memoryInBytes", of: node) { return try bytes(value) }
    guard let value = try number("memory", of: node) else { return nil }
    let kilobytes = try bytes(value)
    guard kilobytes <= Limits.bytes / 1_000 else {
      throw document.refusal(.invalid, at: value, "\(document.string(value)) kB are more than 1EiB.")
    }
    return kilobytes * 1_000
  }

  func size(of file: Int) throws(Refusal) -> Int64 {
    guard let value = try number("sizeInBytes", "size", of: file) else { return 0 }
    return try bytes(value)
  }

  /// The files that a list of ids names.
  func files(_ node: Int?) throws(Refusal) -> [Workflow.File] {
    var files: [Workflow.File] = []
    for node in try list(node) {
      let id = try text(node, "files")
      files.append(.init(id: id, size: sizes[id] ?? 0))
    }
    return files
  }

  private func bytes(_ value: Int) throws(Refusal) -> Int64 {
    do throws(Refusal) {
      return try Quantity.bytes(number: document.string(value), field: "")
    } catch {
      throw document.refusal(error.code, at: value, error.message)
    }
  }

  /// The first of `keys` that is there and not null.
  private func number(_ keys: String..., of node: Int) throws(Refusal) -> Int? {
    for key in keys {
      guard let value = document.member(key, of: node), document.kind(value) != .null else { continue }
      if document.kind(value) == .number { return value }
      throw document.refusal(.invalid, at: value, "\"\(key)\" is no number.")
    }
    return nil
  }

  /// The elements; none where the list is absent or null.
  func list(_ node: Int?) throws(Refusal) -> [Int] {
    guard let node, document.kind(node) != .null else { return [] }
    guard document.kind(node) == .array else {
      throw document.refusal(.invalid, at: node, "a list is wanted here.")
    }
    return document.children(of: node).map(\.value)
  }

  /// Ids are strings: a number read into one would lose its zeros.
  func text(_ node: Int, _ what: String) throws(Refusal) -> String {
    guard document.kind(node) == .string else {
      throw document.refusal(.invalid, at: node, "\"\(what)\" wants a string in quotes here.")
    }
    return document.string(node)
  }

  func optional(_ key: String, of node: Int) throws(Refusal) -> String? {
    guard let value = document.member(key, of: node), document.kind(value) != .null else { return nil }
    return try text(value, key)
  }

  func required(_ key: String, of node: Int) throws(Refusal) -> String {
    if let text = try optional(key, of: node) { return text }
    throw document.refusal(.invalid, at: node, "an object with a \"\(key)\" is wanted here.")
  }
}
