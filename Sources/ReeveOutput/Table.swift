/// Lines up cells under their titles, page by page: columns grow with what comes and never shrink, so that a million
/// rows need not be held to print them.
package struct Table: Sendable {
  package struct Column: Sendable {
    package var title: String
    package var isNumber: Bool

    package init(_ title: String, isNumber: Bool = false) {
      self.title = title
      self.isNumber = isNumber
    }
  }

  private let columns: [Column]
  private var widths: [Int]
  private var isTitled = false

  package init(_ columns: [Column]) {
    self.columns = columns
    widths = columns.map(\.title.count)
  }

  /// The lines of some more rows; before the first of them the titles.
  ///
  /// `paint` dresses up a padded cell, for colours: their codes take no room.
  package mutating func page(
    _ rows: [[String]],
    paint: (_ column: Int, _ cell: String, _ padded: String) -> String = { $2 }
  ) -> String {
    for row in rows {
      for (i, cell) in row.enumerated() { widths[i] = max(widths[i], cell.count) }
    }
    var text = ""
    if !isTitled {
      isTitled = true
      text += line(columns.map(\.title)) { $2 }
    }
    for row in rows { text += line(row, paint) }
    return text
  }

  private func line(_ cells: [String], _ paint: (Int, String, String) -> String) -> String {
    var text = ""
    for (i, cell) in cells.enumerated() {
      if i > 0 { text += "  " }
      let fill = String(repeating: " ", count: max(0, widths[i] - cell.count))
      // Nothing trails the last cell, so that lines can be compared and copied.
      let isLast = i == cells.count - 1
      text += paint(i, cell, columns[i].isNumber ? fill + cell : isLast ? cell : cell + fill)
    }
    return text + "\n"
  }
}
