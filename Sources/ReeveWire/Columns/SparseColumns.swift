/// A column. Row by row in place: to go through an array by its iterator copies each, and large rows cost more to copy
/// than to look at.
func column<Row, Value>(_ rows: [Row], _ value: (Row) -> Value) -> [Value] {
  rows.indices.map { value(rows[$0]) }
}

/// A column, or nothing where every entry is zero.
func sparse<Row, Number: FixedWidthInteger>(_ rows: [Row], _ value: (Row) -> Number) -> [Number] {
  rows.indices.contains { value(rows[$0]) != 0 } ? column(rows, value) : []
}

/// An entry of a column that may be left out.
func entry<Number: FixedWidthInteger>(_ i: Int, of column: [Number]) -> Number {
  column.isEmpty ? 0 : column[i]
}

/// Gives each different value a place, in the order in which they come.
struct Places<Value: Hashable> {
  private(set) var values: [Value] = []
  private var known: [Value: UInt32] = [:]
  private var last = 0

  /// Mostly a value is the same as the one before it.
  mutating func place(of value: Value) -> UInt32 {
    if last < values.count, values[last] == value { return UInt32(last) }
    let place = known[value] ?? UInt32(values.count)
    last = Int(place)
    if last == values.count {
      values.append(value)
      known[value] = place
    }
    return place
  }
}
