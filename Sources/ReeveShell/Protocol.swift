/// What both ends of every stream must agree on; a hello with another is refused in words.
package let protocolVersion: UInt32 = 1

/// Turns a cluster id into the bytes that hellos carry, and back. Empty stands for "not known yet".
package struct ClusterID: Hashable, Sendable, CustomStringConvertible {
  package let value: UInt128

  package init(value: UInt128) { self.value = value }

  package var description: String { String(value, radix: 16) }

  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    value = bytes.reduce(0) { $0 << 8 | UInt128($1) }
  }

  package var bytes: [UInt8] { (0..<16).map { UInt8(truncatingIfNeeded: value >> (120 - 8 * UInt128($0))) } }
}
