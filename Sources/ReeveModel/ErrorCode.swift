/// A refusal that people can act on: a code for scripts, the field, its value and what would be right.
package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable, CaseIterable {
    case invalid
    case unknownKey = "unknown-key"
    case syntax
    case cycle
    case unknownDependency = "unknown-dependency"
    case duplicate
    case exceedsLargestNode = "exceeds-largest-node"
    case noMatchingNode = "no-matching-node"
    case conflict
    case notFound = "not-found"
    case tooLarge = "too-large"
    case denied
    case unavailable
  }

  package var code: Code
  /// Where, as a path: `tasks[4].memory`. Empty where it is about the whole.
  package var field: String
  /// A whole sentence with the value and what would be right.
  package var message: String

  package init(_ code: Code, field: String = "", _ message: String) {
    self.code = code
    self.field = field
    self.message = message
  }

  package var description: String { field.isEmpty ? message : "\(field): \(message)" }
}
