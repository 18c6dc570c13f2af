/// Whether one name comes before another for people: `node-9` before `node-10`.
package func byName(_ a: String, _ b: String) -> Bool {
  var (a, b) = (Substring(a).utf8, Substring(b).utf8)
  while let x = a.first, let y = b.first {
    if isDigit(x), isDigit(y) {
      let (m, n) = (number(&a), number(&b))
      // Without the zeros in front, the longer number is the larger.
      if m.count != n.count { return m.count < n.count }
      if !m.elementsEqual(n) { return m.lexicographicallyPrecedes(n) }
    } else if x != y {
      return x < y
    } else {
      a.removeFirst()
      b.removeFirst()
    }
  }
  return a.isEmpty && !b.isEmpty
}

/// Takes the digits off the front, and gives those that count.
private func number(_ text: inout Substring.UTF8View) -> Substring.UTF8View {
  let digits = text.prefix(while: isDigit)
  text.removeFirst(digits.count)
  return digits.drop { $0 == UInt8(ascii: "0") }
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
