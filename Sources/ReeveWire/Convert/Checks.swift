import FoundationEssentials

/// Throws unless a column is as long as the others of its message.
func check(_ field: String, length: Int, is expected: Int) throws(WireError) {
  guard length == expected else {
    throw WireError(field, "\(length) entries where the first column has \(expected)")
  }
}

/// The same of a column that may be left out.
func check(_ field: String, sparse length: Int, is expected: Int) throws(WireError) {
  if length > 0 { try check(field, length: length, is: expected) }
}

func check(_ field: String, _ value: Int64, in bounds: ClosedRange<Int64>) throws(WireError) -> Int64 {
  guard bounds.contains(value) else {
    throw WireError(field, "\(value) is not between \(bounds.lowerBound) and \(bounds.upperBound)")
  }
  return value
}

func check(_ field: String, number: UInt64) throws(WireError) -> UInt64 {
  guard number >> UInt64(WireLimits.numberBits) == 0 else {
    throw WireError(field, "\(number) is too large for a number")
  }
  return number
}

func check(_ field: String, count: UInt64) throws(WireError) -> Int {
  guard count <= WireLimits.count else { throw WireError(field, "\(count) is too large for a count") }
  return Int(count)
}

/// Throws if any value of a column has a bit above the lowest `bits`; of signed ones also if any is below zero.
///
/// One pass of ORs without a branch: columns are hot.
func check<T: FixedWidthInteger>(_ field: String, _ column: [T], bits: Int) throws(WireError) {
  var seen: T = 0
  for value in column { seen |= value }
  guard seen >> T(bits) != 0 else { return }
  let place = column.firstIndex { $0 >> T(bits) != 0 } ?? 0
  throw WireError("\(field)[\(place)]", "\(column[place]) is not between 0 and 2^\(bits)")
}

/// Throws if ends of ranges fall, or the last is not where what they divide ends.
func check(_ field: String, ends: [UInt32], of count: Int) throws(WireError) {
  var last: UInt32 = 0
  for (i, end) in ends.enumerated() {
    guard end >= last else { throw WireError("\(field)[\(i)]", "falls from \(last) to \(end)") }
    last = end
  }
  guard Int(last) == count else { throw WireError(field, "the last is \(last), and there are \(count)") }
}

/// Throws unless every entry is a place among so many.
func check(_ field: String, places: [UInt32], of count: Int) throws(WireError) {
  var highest: UInt32 = 0
  for place in places { highest = max(highest, place) }
  guard places.isEmpty || Int(highest) < count else {
    throw WireError(field, "place \(highest) is out of range: there are \(count)")
  }
}

/// Bytes that each stand for a case of an enum.
func cases<Case: RawRepresentable<UInt8>>(_ field: String, _ bytes: Data) throws(WireError) -> [Case] {
  var cases: [Case] = []
  cases.reserveCapacity(bytes.count)
  for byte in bytes {
    guard let known = Case(rawValue: byte) else {
      throw WireError("\(field)[\(cases.count)]", "\(byte) is none that this version knows")
    }
    cases.append(known)
  }
  return cases
}

/// Decodes a part, naming it in what goes wrong.
func part<Model>(_ field: String, _ decode: () throws(WireError) -> Model) throws(WireError) -> Model {
  do { return try decode() } catch { throw error.inside(field) }
}

/// Decodes each of a repeated field, naming its place in what goes wrong.
func parts<Wire, Model>(
  _ field: String,
  _ wire: [Wire],
  _ decode: (Wire) throws(WireError) -> Model
) throws(WireError) -> [Model] {
  var models: [Model] = []
  models.reserveCapacity(wire.count)
  for (i, one) in wire.enumerated() {
    do { models.append(try decode(one)) } catch { throw error.inside("\(field)[\(i)]") }
  }
  return models
}
