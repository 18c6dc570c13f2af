package import ReeveModel

/// Prints a list that comes in pages, into bytes that are to be written in that order; nothing of it is kept.
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

  package mutating func page(_ rows: [R], into bytes: inout [UInt8]) {
    defer { count += rows.count }
    switch format {
    case .table, .wide: bytes.append(tablePage(rows))
    case .json:
      for i in rows.indices {
        bytes.append(count + i == 0 ? "[\n  " : ",\n  ")
        JSON.writePretty(.object(rows[i].fields), indent: 2, into: &bytes)
      }
    case .jsonl:
      for row in rows {
        JSON.write(.object(row.fields), into: &bytes)
        bytes.append(UInt8(ascii: "\n"))
      }
    case .csv:
      if count == 0, let first = rows.first { bytes.append(CSV.names(first.fields)) }
      for row in rows { bytes.append(CSV.line(row.fields)) }
    case .name: for row in rows { bytes.append(row.selector + "\n") }
    }
  }

  /// What closes the list.
  package mutating func end(into bytes: inout [UInt8]) {
    switch format {
    case .json: bytes.append(count == 0 ? "[]\n" : "\n]\n")
    case .table, .wide: if count == 0 { bytes.append(table.page([])) }
    case .jsonl, .csv, .name: break
    }
  }

  private mutating func tablePage(_ rows: [R]) -> String {
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
