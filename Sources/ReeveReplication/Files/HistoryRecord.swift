import ReeveModel

/// How one task ended, as it lies in the file. All little-endian:
///
/// | offset | bytes | |
/// |---|---|---|
/// | 0 | 4 | checksum of what follows, which begins with the task's number |
/// | 4 | 8 | the task |
/// | 12 | 1 | reason |
/// | 14 | 2 | attempts before |
/// | 16 | 4 | exit code, or minus the signal |
/// | 20 | 4 | node |
/// | 24 | 4 | rack |
/// | 32 | 8 | attempt |
/// | 40 | 16 | started, ended |
/// | 56 | 32 | cpu, peak of memory, bytes read, written |
/// | 88 | 8 | where its details are, or 0 |
struct HistoryRecord {
  static let bytes = 96

  let end: TaskEnd
  let rack: RackNumber
  var detail: UInt64 = 0

  static func offset(of task: TaskNumber) -> Int { (task.index - 1) * bytes }

  init(_ end: TaskEnd, rack: RackNumber) {
    self.end = end
    self.rack = rack
  }

  /// - Returns: `nil` where nothing is known of the task, or what is there is not what was written.
  init?(_ bytes: [UInt8], at place: Int, of task: TaskNumber) {
    guard place + Self.bytes <= bytes.count else { return nil }
    let read = bytes.withUnsafeBytes { bytes -> HistoryRecord? in
      let bytes = UnsafeRawBufferPointer(rebasing: bytes[place..<place + Self.bytes])
      func field<Field: FixedWidthInteger & BitwiseCopyable>(_ place: Int, _ type: Field.Type) -> Field {
        Field(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: type))
      }
      guard field(0, UInt32.self) == CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[4...])),
        field(4, UInt64.self) == task.rawValue, let reason = FailureReason(rawValue: bytes[12])
      else { return nil }
      var end = TaskEnd(
        attempt: AttemptID(field(32, UInt64.self)),
        task: task,
        node: NodeNumber(field(20, UInt32.self)),
        reason: reason,
        status: field(16, Int32.self),
        started: WallTime(microseconds: field(40, Int64.self)),
        ended: WallTime(microseconds: field(48, Int64.self)),
        usage: TaskEnd.Usage(
          cpu: TimeSpan(microseconds: field(56, Int64.self)),
          memoryPeak: field(64, Int64.self),
          readBytes: field(72, Int64.self),
          writeBytes: field(80, Int64.self)
        )
      )
      end.earlier = field(14, UInt16.self)
      var record = HistoryRecord(end, rack: RackNumber(field(24, UInt32.self)))
      record.detail = field(88, UInt64.self)
      return record
    }
    guard let read else { return nil }
    self = read
  }

  var encoded: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.bytes)
    bytes.withUnsafeMutableBytes { bytes in
      func put(_ value: some FixedWidthInteger & BitwiseCopyable, _ place: Int) {
        bytes.storeBytes(of: value.littleEndian, toByteOffset: place, as: type(of: value.littleEndian))
      }
      put(end.task.rawValue, 4)
      put(end.reason.rawValue, 12)
      put(end.earlier, 14)
      put(end.status, 16)
      put(end.node.rawValue, 20)
      put(rack.rawValue, 24)
      put(end.attempt.rawValue, 32)
      put(end.started.microseconds, 40)
      put(end.ended.microseconds, 48)
      put(end.usage.cpu.microseconds, 56)
      put(end.usage.memoryPeak, 64)
      put(end.usage.readBytes, 72)
      put(end.usage.writeBytes, 80)
      put(detail, 88)
      put(CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[4...])), 0)
    }
    return bytes
  }
}

/// What is known of a task that failed, as it lies in the log: its length, the task, and three texts with their lengths.
enum HistoryDetail {
  /// Length of the whole, checksum of what follows it, the task.
  static let headBytes = 16
  /// More than any detail has.
  private static let longest = 1 << 20

  static func encode(_ detail: TaskEnd.Detail, of task: TaskNumber) -> [UInt8] {
    var body: [UInt8] = []
    append(task.rawValue, to: &body)
    for text in [Array(detail.message.utf8), detail.stdoutTail, detail.stderrTail] {
      append(UInt32(text.count), to: &body)
      body += text
    }
    var bytes: [UInt8] = []
    append(UInt32(body.count + 8), to: &bytes)
    append(body.withUnsafeBytes { CRC32C.checksum($0) }, to: &bytes)
    return bytes + body
  }

  /// The length of the whole; `nil` where the head is not that of the task's.
  static func length(_ head: [UInt8], of task: TaskNumber) -> Int? {
    guard head.count == headBytes, number(head, 8, UInt64.self) == task.rawValue else { return nil }
    let length = Int(number(head, 0, UInt32.self))
    return (headBytes + 12...longest).contains(length) ? length : nil
  }

  static func decode(_ bytes: [UInt8]) -> TaskEnd.Detail? {
    guard bytes.count >= headBytes + 12 else { return nil }
    let sum = bytes[8...].withUnsafeBytes { CRC32C.checksum($0) }
    guard number(bytes, 4, UInt32.self) == sum else { return nil }
    var place = headBytes
    var texts: [[UInt8]] = []
    for _ in 0..<3 {
      guard place + 4 <= bytes.count else { return nil }
      let count = Int(number(bytes, place, UInt32.self))
      guard place + 4 + count <= bytes.count else { return nil }
      texts.append(Array(bytes[place + 4..<place + 4 + count]))
      place += 4 + count
    }
    return TaskEnd.Detail(
      message: String(decoding: texts[0], as: UTF8.self),
      stdoutTail: texts[1],
      stderrTail: texts[2]
    )
  }

  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  private static func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: [UInt8],
    _ place: Int,
    _ type: Number.Type
  ) -> Number {
    bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: type)) }
  }
}
