import ArgumentParser
import ReeveModel
import ReeveOutput

/// What nodes of this process are called beside their names.
struct AttributeOptions: ParsableArguments {
  @Option(
    name: .customLong("attribute"),
    help: ArgumentHelp(
      """
      An attribute that tasks can ask for with --constraint; may be repeated. Where there are several nodes, they take \
      values with commas between them in turn.
      """,
      valueName: "name=value"
    )
  )
  var texts: [String] = []

  /// As another process of this program is told.
  var arguments: [String] { texts.flatMap { ["--attribute", $0] } }

  /// Of so many nodes, each by name.
  func ofNodes(_ count: Int) throws -> [[TaskTemplate.Variable]] {
    let attributes = try texts.map { text in
      guard let attribute = TaskTemplate.Variable(parsing: text) else {
        throw UsageError("--attribute \(text.quoted) is not NAME=VALUE, such as gpu=a100.")
      }
      return attribute
    }.sorted { $0.name < $1.name }
    return try (0..<count).map { node in
      let own = count > 1 ? attributes.map { $0.inTurn(node) } : attributes
      try own.validateAttributes(field: "--attribute")
      return own
    }
  }
}

extension TaskTemplate.Variable {
  /// With that of the values between commas whose turn it is.
  fileprivate func inTurn(_ turn: Int) -> Self {
    let values = value.split(separator: ",", omittingEmptySubsequences: false)
    return Self(name: name, value: String(values[turn % values.count]))
  }
}
