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

  package mutating func page(_ rows: [R]) -> [UInt8] {
    defer { count += rows.count }
    switch format {
    case .table, .wide: return Array(tablePage(rows).utf8)
    case .json:
      var bytes: [UInt8] = []
      for i in rows.indices {
        bytes += (count + i == 0 ? "[\n  " : ",\n  ").utf8
        JSON.writePretty(.object(rows[i].fields), indent: 2, into: &bytes)
      }
      return bytes
    case .jsonl:
      var bytes: [UInt8] = []
      for row in rows {
        JSON.write(.object(row.fields), into: &bytes)
        bytes.append(UInt8(ascii: "\n"))
      }
      return bytes
    case .csv:
      let names = count == 0 ? rows.first.map { CSV.names($0.fields) } : nil
      return Array(rows.reduce(into: names ?? "") { $0 += CSV.line($1.fields) }.utf8)
    case .name: return Array(rows.reduce(into: "") { $0 += $1.selector + "\n" }.utf8)
    }
  }

  /// What closes the list.
  package mutating func end() -> [UInt8] {
    switch format {
    case .json: Array((count == 0 ? "[]\n" : "\n]\n").utf8)
    case .table, .wide: count == 0 ? Array(table.page([]).utf8) : []
    case .jsonl, .csv, .name: []
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
