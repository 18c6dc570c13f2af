/// A decimal number as it was written: never by way of a `Double`, which has no 0.1 and forgets odd bytes
/// above 8 PiB.
///
/// The value is `digits` × 10^`exponent`, and a little more where `isCut`.
package struct ExactDecimal: Sendable {
  package private(set) var isNegative = false
  private var digits: UInt64 = 0
  private var exponent = 0
  /// Whether digits other than 0 did not fit into `digits`.
  private var isCut = false

  package var isZero: Bool { digits == 0 && !isCut }

  /// Takes a number off the front of `text`: `12`, `+1.5`, `.5`, `-3e6`; `nil`, and `text` as it was, if
  /// there is none.
  package init?(takenFrom text: inout Substring.UTF8View) {
    var rest = text
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      rest.removeFirst()
    }
    var count = takeDigits(from: &rest, afterPoint: false)
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      count += takeDigits(from: &rest, afterPoint: true)
    }
    guard count > 0 else { return nil }
    takeExponent(from: &rest)
    text = rest
  }

  /// A number and nothing else.
  package init?(_ text: String) {
    var rest = Substring(text).utf8
    self.init(takenFrom: &rest)
    if !rest.isEmpty { return nil }
  }

  private mutating func takeDigits(from text: inout Substring.UTF8View, afterPoint: Bool) -> Int {
    var count = 0
    while let byte = text.first, byte >= 0x30, byte <= 0x39 {
      text.removeFirst()
      count += 1
      if digits < 1_000_000_000_000_000_000 {
        digits = digits * 10 + UInt64(byte - 0x30)
        if afterPoint { exponent -= 1 }
      } else {
        isCut = isCut || byte != 0x30
        if !afterPoint { exponent += 1 }
      }
    }
    return count
  }

  /// `e` counts only with a digit behind it: the `E` of `1EiB` is a unit.
  private mutating func takeExponent(from text: inout Substring.UTF8View) {
    guard let e = text.first, e | 0x20 == UInt8(ascii: "e") else { return }
    var rest = text.dropFirst()
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    guard let first = rest.first, first >= 0x30, first <= 0x39 else { return }
    var power = 0
    while let byte = rest.first, byte >= 0x30, byte <= 0x39 {
      rest.removeFirst()
      power = min(power * 10 + Int(byte - 0x30), 1_000_000)
    }
    exponent += isNegative ? -power : power
    text = rest
  }

  /// The magnitude times `unit`, rounded up to a whole number, so that nobody gets less than was asked for;
  /// `nil` where it passes `Int64`. The sign is the caller's to look at.
  package func scaled(by unit: Int64) -> Int64? {
    var product = UInt128(digits) * UInt128(unit.magnitude)
    var remainder = isCut
    if product == 0 { return 0 }
    if exponent > 0 {
      for _ in 0..<exponent {
        product *= 10
        if product > UInt128(Int64.max) { return nil }
      }
    }
    for _ in 0..<max(0, -exponent) {
      if product == 0 { break }
      let (quotient, rest) = product.quotientAndRemainder(dividingBy: 10)
      product = quotient
      remainder = remainder || rest != 0
    }
    if remainder { product += 1 }
    return Int64(exactly: product)
  }

  /// The number itself if it is whole and an `Int64`, however it is written: `5`, `5.0` and `50e-1` are all
  /// 5.
  package var integer: Int64? {
    guard !isCut, isWhole, let magnitude = scaled(by: 1) else { return nil }
    return isNegative ? -magnitude : magnitude
  }

  private var isWhole: Bool {
    var rest = digits
    for _ in 0..<max(0, -exponent) {
      if rest == 0 { return true }
      if rest % 10 != 0 { return false }
      rest /= 10
    }
    return true
  }
}
