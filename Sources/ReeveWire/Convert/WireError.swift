/// Something came that no version sends. Whoever reads it ends that connection and logs the sentence.
package struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where, as a path of field names: `templates[4].resources.memory`. Empty where it is about the whole message.
  package private(set) var field: String
  /// What is wrong with it, with the value.
  package let problem: String

  package init(_ field: String, _ problem: String) {
    self.field = field
    self.problem = problem
  }

  package var message: String { field.isEmpty ? problem : "\(field): \(problem)" }
  package var description: String { message }

  /// The same, seen from the message that holds the field.
  func inside(_ outer: String) -> WireError {
    var error = self
    error.field =
      if field.isEmpty { outer } else if field.hasPrefix("[") { outer + field } else { "\(outer).\(field)" }
    return error
  }
}
