import ReeveModel

/// What the largest nodes have, for a message that says what would be right.
struct LargestNode {
  private let most: Resources

  init(of nodes: [Resources]) {
    most = nodes.reduce(.zero) {
      Resources(
        cpuMillis: max($0.cpuMillis, $1.cpuMillis),
        memory: max($0.memory, $1.memory),
        disk: max($0.disk, $1.disk)
      )
    }
  }

  /// - Parameters:
  ///   - wanted: what is more than any of the nodes has.
  ///   - constraints: what the nodes meet.
  ///   - field: where it was asked for.
  /// - Returns: what to say of it.
  func refusal(of wanted: Resources, on constraints: [AttributeConstraint], field: String) -> Refusal {
    let node = constraints.isEmpty ? "node" : "node with \(constraints.words)"
    let amounts = zip(Self.texts(of: wanted), Self.texts(of: most))
    let exceeds = [
      wanted.cpuMillis > most.cpuMillis, wanted.memory > most.memory, wanted.disk > most.disk,
    ]
    for ((amount, limit), isTooMuch) in zip(amounts, exceeds) where isTooMuch {
      return Refusal(
        .exceedsLargestNode,
        field: "\(field).\(amount.name)",
        "\(amount.name) \"\(amount.value)\" is more than any \(node) has (most: \(limit.value)). "
          + "Ask for at most \(limit.value); `reeve nodes` lists them."
      )
    }
    let all = Self.texts(of: wanted).map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    return Refusal(
      .exceedsLargestNode,
      field: field,
      "No \(node) has all of it at once: \(all). `reeve nodes` lists what they have."
    )
  }

  private static func texts(of resources: Resources) -> [(name: String, value: String)] {
    [
      ("cpus", Quantity.text(cpuMillis: resources.cpuMillis)),
      ("memory", Quantity.text(bytes: resources.memory)),
      ("disk", Quantity.text(bytes: resources.disk)),
    ]
  }
}
