package import ReeveModel

/// Prints a list that comes in pages. What it gives is to be written in that order; nothing of it is kept.
package struct Listing<R: Row>: Sendable {
  private let format: Format
  private let colours: Bool
  private let now: WallTime
  private var table: Table
  private var count = 0

  /// With `colours` where the reader is a terminal.
  package init(_ format: Format, colours: Bool, now: WallTime) {
    self.format = format
    self.colours = colours
    self.now = now
    table = Table(format == .wide ? R.columns + R.wideColumns : R.columns)
  }

  package mutating func page(_ rows: [R]) -> String {
    var text = ""
    switch format {
    case .table, .wide: return tablePage(rows)
    case .json:
      for (i, row) in rows.enumerated() {
        text += count + i == 0 ? "[\n  " : ",\n  "
        text += JSON.pretty(.object(row.fields), indent: 2)
      }
    case .jsonl:
      for row in rows {
        JSON.write(.object(row.fields), into: &text)
        text += "\n"
      }
    case .csv:
      if count == 0, let first = rows.first { text += CSV.names(first.fields) }
      for row in rows { text += CSV.line(row.fields) }
    case .name:
      for row in rows { text += row.selector + "\n" }
    }
    count += rows.count
    return text
  }

  /// What closes the list.
  package mutating func end() -> String {
    switch format {
    case .json: count == 0 ? "[]\n" : "\n]\n"
    case .table, .wide: count == 0 ? table.page([]) : ""
    case .jsonl, .csv, .name: ""
    }
  }

  private mutating func tablePage(_ rows: [R]) -> String {
    count += rows.count
    if rows.isEmpty { return "" }
    let cells = rows.map { $0.cells(wide: format == .wide, at: now) }
    let colours = colours
    return table.page(cells) { column, cell, padded in
      colours && column == R.stateColumn ? Colour.paint(padded, state: cell) : padded
    }
  }
}

/// Colours of a terminal, for states only.
package enum Colour {
  package static func paint(_ text: String, state: String) -> String {
    switch state {
    case "running", "recovering": "\u{1b}[36m\(text)\u{1b}[0m"
    case "completed", "up", "connected": "\u{1b}[32m\(text)\u{1b}[0m"
    case "failed", "lost", "away": "\u{1b}[31m\(text)\u{1b}[0m"
    case "cancelled", "suspect", "unknown": "\u{1b}[33m\(text)\u{1b}[0m"
    default: text
    }
  }
}
