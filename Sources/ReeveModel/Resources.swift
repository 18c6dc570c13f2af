/// An amount of cpu, memory and disk: what a task asks for, what a node has, what is free.
@usableFromInline package struct Resources: Hashable, Sendable, CustomStringConvertible {
  /// Thousandths of a core.
  @usableFromInline package var cpuMillis: Int64
  /// Bytes.
  @usableFromInline package var memory: Int64
  /// Bytes.
  @usableFromInline package var disk: Int64

  @inlinable package init(cpuMillis: Int64 = 0, memory: Int64 = 0, disk: Int64 = 0) {
    self.cpuMillis = cpuMillis
    self.memory = memory
    self.disk = disk
  }

  @inlinable package static var zero: Resources { Resources() }

  @inlinable package static func + (a: Resources, b: Resources) -> Resources {
    Resources(cpuMillis: a.cpuMillis + b.cpuMillis, memory: a.memory + b.memory, disk: a.disk + b.disk)
  }

  @inlinable package static func - (a: Resources, b: Resources) -> Resources {
    Resources(cpuMillis: a.cpuMillis - b.cpuMillis, memory: a.memory - b.memory, disk: a.disk - b.disk)
  }

  @inlinable package static func * (a: Resources, n: Int) -> Resources {
    let n = Int64(n)
    return Resources(cpuMillis: a.cpuMillis * n, memory: a.memory * n, disk: a.disk * n)
  }

  @inlinable package static func += (a: inout Resources, b: Resources) { a = a + b }
  @inlinable package static func -= (a: inout Resources, b: Resources) { a = a - b }

  /// Whether each amount is at most the other's.
  @inlinable package func fits(in room: Resources) -> Bool {
    cpuMillis <= room.cpuMillis && memory <= room.memory && disk <= room.disk
  }

  /// Whether no amount is below zero.
  @inlinable package var isNonNegative: Bool { cpuMillis >= 0 && memory >= 0 && disk >= 0 }

  /// With zero for whatever is below it.
  package var orZero: Resources {
    Resources(cpuMillis: max(0, cpuMillis), memory: max(0, memory), disk: max(0, disk))
  }

  /// The lesser of each amount.
  package func minimum(_ other: Resources) -> Resources {
    Resources(
      cpuMillis: min(cpuMillis, other.cpuMillis),
      memory: min(memory, other.memory),
      disk: min(disk, other.disk)
    )
  }

  /// The greater of each amount.
  package func maximum(_ other: Resources) -> Resources {
    Resources(
      cpuMillis: max(cpuMillis, other.cpuMillis),
      memory: max(memory, other.memory),
      disk: max(disk, other.disk)
    )
  }

  /// A part of each amount, rounded down.
  package func scaled(by factor: Double) -> Resources {
    Resources(
      cpuMillis: Int64(Double(cpuMillis) * factor),
      memory: Int64(Double(memory) * factor),
      disk: Int64(Double(disk) * factor)
    )
  }

  /// How often `self` goes into `room`; `Int.max` where nothing is asked for.
  @inlinable package func count(in room: Resources) -> Int {
    guard room.isNonNegative else { return 0 }
    var n = Int64.max
    if cpuMillis > 0 { n = min(n, room.cpuMillis / cpuMillis) }
    if memory > 0 { n = min(n, room.memory / memory) }
    if disk > 0 { n = min(n, room.disk / disk) }
    return Int(n)
  }

  /// How often `self` must come back to `room` before no amount is below zero; `Int.max` where it never is enough.
  @inlinable package func count(lackingIn room: Resources) -> Int {
    var n = 0
    for (amount, free) in [(cpuMillis, room.cpuMillis), (memory, room.memory), (disk, room.disk)]
    where free < 0 {
      guard amount > 0 else { return .max }
      n = max(n, Int((amount - free - 1) / amount))
    }
    return n
  }

  @usableFromInline package var description: String {
    "\(cpuMillis)m cpu, \(memory) B memory, \(disk) B disk"
  }
}
