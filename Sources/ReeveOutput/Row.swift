package import ReeveModel

/// One line of what a verb lists: fields for scripts, cells for people.
package protocol Row: Sendable {
  /// What `-o name` prints: what other verbs take.
  var selector: String { get }
  /// Names and their order are an interface: documented, tested, never changed in their meaning.
  var fields: [Field] { get }
  /// One or more columns are only in the wide table; they come last.
  static var columns: [Table.Column] { get }
  static var wideColumns: [Table.Column] { get }
  /// One a column; `now` is for ages of what has not ended.
  func cells(at now: WallTime) -> [String]
  func wideCells(at now: WallTime) -> [String]
  /// Which cell holds the state, and the state: for colour.
  static var stateColumn: Int { get }
  var state: String { get }
}

extension Row {
  package func cells(wide: Bool, at now: WallTime) -> [String] {
    wide ? cells(at: now) + wideCells(at: now) : cells(at: now)
  }
}

/// How a list is printed.
package enum Format: String, CaseIterable, Sendable {
  case table
  /// A table with more columns.
  case wide
  /// One array of objects.
  case json
  /// One object a line.
  case jsonl
  case csv
  /// What other verbs take, one a line.
  case name
}
