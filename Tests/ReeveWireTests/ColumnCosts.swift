import ReeveModel
import ReeveWire
import SwiftProtobuf
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Measured by hand, on a machine that does nothing else: `REEVE_MEASURE=1 swift test -c release --filter costs`.
@Suite("Wire: what columns cost", .enabled(if: getenv("REEVE_MEASURE") != nil), .serialized)
struct ColumnCosts {
  private static let count = 500

  @Test func `costs of launches`() throws {
    var batch = LaunchBatch()
    for i in 0..<UInt64(Self.count) {
      batch.launches.append(
        .init(attempt: AttemptID(1 << 40 | i), task: TaskNumber(1_000_000 + i), template: TemplateNumber(7))
      )
      batch.names.append("task-\(i)")
      batch.arguments.append(["--input", "part-\(i).csv"])
    }
    try measure("launches", batch, { Reeve_V1_LaunchColumns($0) }, { try LaunchBatch(wire: $0) })
  }

  @Test func `costs of ends`() throws {
    let ends = (0..<UInt64(Self.count)).map { i in
      TaskEnd(
        attempt: AttemptID(1 << 40 | i),
        task: TaskNumber(1_000_000 + i),
        node: NodeNumber(UInt32(i % 50)),
        started: WallTime(microseconds: 1_790_000_000_000_000 + Int64(i)),
        ended: WallTime(microseconds: 1_790_000_000_100_000 + Int64(i)),
        usage: .init(cpu: .milliseconds(90), memoryPeak: 5 << 20, readBytes: 4_096, writeBytes: 8_192)
      )
    }
    try measure("ends", ends, { Reeve_V1_EndColumns($0) }, { try [TaskEnd](wire: $0) })
  }

  @Test func `costs of starts`() throws {
    let starts = (0..<UInt64(Self.count)).map { i in
      TaskStart(
        attempt: AttemptID(1 << 40 | i),
        task: TaskNumber(1_000_000 + i),
        node: NodeNumber(UInt32(i % 50)),
        started: WallTime(microseconds: 1_790_000_000_000_000 + Int64(i))
      )
    }
    try measure("starts", starts, { Reeve_V1_StartColumns($0) }, { try [TaskStart](wire: $0) })
  }

  /// Prints nanoseconds an item for each step, the best of many rounds.
  private func measure<Model: Equatable, Wire: Message>(
    _ name: String,
    _ model: Model,
    _ encode: (Model) -> Wire,
    _ decode: (Wire) throws -> Model
  ) throws {
    let wire = encode(model)
    let bytes: [UInt8] = try wire.serializedBytes()
    let toWire = try best { encode(model) }
    let toBytes = try best { try wire.serializedBytes() as [UInt8] }
    let fromBytes = try best { try Wire(serializedBytes: bytes) }
    let fromWire = try best { try decode(wire) }
    print(
      "\(name): \(bytes.count / Self.count) B an item; ns an item: to columns \(toWire), to bytes \(toBytes),",
      "from bytes \(fromBytes), from columns \(fromWire)"
    )
  }

  private func best<T>(_ work: () throws -> T) throws -> Double {
    let clock = ContinuousClock()
    var least = Duration.seconds(1)
    for _ in 0..<2_000 {
      least = min(least, try clock.measure { withExtendedLifetime(try work()) {} })
    }
    return (Double(least.components.attoseconds) / 1e9 / Double(Self.count) * 10).rounded() / 10
  }
}
