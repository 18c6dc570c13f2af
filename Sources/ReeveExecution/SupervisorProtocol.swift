import Glibc

/// A program to start, in the words of the supervisor. Attempts are plain numbers here.
package struct SpawnRequest: Equatable, Sendable {
  package var attempt: UInt64
  /// The slot's directory; a relative one counts from the node's directory.
  package var slot: String
  /// Where it runs; empty is the slot's own `work`.
  package var directory: String
  package var arguments: [String]
  /// The whole environment, as `NAME=value`.
  package var environment: [String]
  /// Given back with everything that is said of the attempt; at most 512 bytes.
  package var tag: [UInt8]

  package init(
    attempt: UInt64,
    slot: String,
    directory: String = "",
    arguments: [String],
    environment: [String],
    tag: [UInt8] = []
  ) {
    self.attempt = attempt
    self.slot = slot
    self.directory = directory
    self.arguments = arguments
    self.environment = environment
    self.tag = tag
  }
}

/// TERM now, KILL after the grace. The reason comes back with the end.
package struct KillOrder: Equatable, Sendable {
  package var attempt: UInt64
  package var reason: UInt8
  package var grace: Duration

  package init(attempt: UInt64, reason: UInt8, grace: Duration) {
    self.attempt = attempt
    self.reason = reason
    self.grace = grace
  }
}

/// An attempt that was running when the supervisor was asked.
package struct RunningProcess: Equatable, Sendable {
  package var attempt: UInt64
  package var pid: Int32
  package var startedMicros: UInt64
  /// The reason of a kill order that was given; 0: none.
  package var reason: UInt8
  package var tag: [UInt8]
  package var slot: String
}

/// The end of an attempt of which nothing is left running.
package struct ProcessEnd: Equatable, Sendable {
  package enum Exit: Equatable, Sendable {
    case code(Int32)
    case signal(Int32)
  }

  package var attempt: UInt64
  package var exit: Exit
  /// The reason of the kill order that came before the end; 0: none.
  package var reason: UInt8
  package var startedMicros: UInt64
  package var endedMicros: UInt64
  package var cpuMicros: UInt64
  package var peakBytes: UInt64
  package var readBytes: UInt64
  package var writtenBytes: UInt64
  package var stdoutBytes: UInt64
  package var stderrBytes: UInt64
  package var workTouched: Bool
  package var tag: [UInt8]
  package var slot: String

  /// Whether anything is in the slot that somebody may want to see.
  package var touchedSlot: Bool { workTouched || stdoutBytes > 0 || stderrBytes > 0 }
}

/// An attempt that never became its program.
package struct ProcessFailure: Equatable, Sendable {
  package enum Step: UInt8, Sendable {
    case slot = 1
    case directory, program, fork
  }

  package var attempt: UInt64
  package var errno: Int32
  package var step: Step
  package var tag: [UInt8]
  package var slot: String

  package init(attempt: UInt64, errno: Int32, step: Step, tag: [UInt8], slot: String) {
    self.attempt = attempt
    self.errno = errno
    self.step = step
    self.tag = tag
    self.slot = slot
  }

  /// Why, as the C library puts it.
  package var message: String { String(cString: strerror(errno)) }
}

/// What a supervisor has to say to an agent that has just come.
package struct SupervisorState: Equatable, Sendable {
  package var running: [RunningProcess] = []
  package var ended: [ProcessEnd] = []
  package var failed: [ProcessFailure] = []

  package init() {}
}

package enum SupervisorEvent: Equatable, Sendable {
  case started(attempt: UInt64, pid: Int32, startedMicros: UInt64)
  /// To be acknowledged with `forget`, as is `failed`.
  case ended(ProcessEnd)
  case failed(ProcessFailure)
  /// Nothing more comes; connect anew.
  case disconnected
}

/// The kinds of frames, as numbered in the supervisor's `protocol.h`.
enum FrameKind: UInt8 {
  case hello = 1
  case spawn, kill, forget, shutdown, signal
  case welcome = 65
  case started, ended, failed
}

let supervisorProtocolVersion: UInt32 = 1
let longestFrame = 4 << 20

/// Frames on their way to the supervisor.
struct FrameWriter {
  private(set) var bytes: [UInt8] = []

  mutating func frame(_ kind: FrameKind, _ body: (inout FrameWriter) -> Void) {
    let begin = bytes.count
    put(UInt32(0))
    put(kind.rawValue)
    body(&self)
    let length = UInt32(bytes.count - begin - 4)
    for i in 0..<4 { bytes[begin + i] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(i))) }
  }

  mutating func put(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func put(_ string: String) {
    put(UInt32(string.utf8.count))
    bytes.append(contentsOf: string.utf8)
  }

  mutating func put(_ string: [UInt8]) {
    put(UInt32(string.count))
    bytes.append(contentsOf: string)
  }

  mutating func put(_ strings: [String]) {
    put(UInt32(strings.count))
    for string in strings { put(string) }
  }
}

/// The supervisor said something that this protocol does not have.
struct MalformedFrame: Error {}

/// Takes values off the body of a frame.
struct FrameReader {
  private var rest: ArraySlice<UInt8>

  init(_ body: ArraySlice<UInt8>) { rest = body }

  mutating func take<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(MalformedFrame) -> Number
  {
    let size = MemoryLayout<Number>.size
    guard rest.count >= size else { throw MalformedFrame() }
    var number = Number.zero
    for (i, byte) in rest.prefix(size).enumerated() { number |= Number(truncatingIfNeeded: byte) << (8 * i) }
    rest = rest.dropFirst(size)
    return number
  }

  mutating func takeBytes() throws(MalformedFrame) -> [UInt8] {
    let count = Int(try take(UInt32.self))
    guard rest.count >= count else { throw MalformedFrame() }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func takeString() throws(MalformedFrame) -> String {
    String(decoding: try takeBytes(), as: UTF8.self)
  }
}

extension RunningProcess {
  init(from frame: inout FrameReader) throws(MalformedFrame) {
    attempt = try frame.take()
    pid = Int32(bitPattern: try frame.take())
    startedMicros = try frame.take()
    reason = try frame.take()
    tag = try frame.takeBytes()
    slot = try frame.takeString()
  }
}

extension ProcessEnd {
  init(from frame: inout FrameReader) throws(MalformedFrame) {
    attempt = try frame.take()
    let status: UInt32 = try frame.take()
    // As wait(2) has it: the low seven bits are the signal, the next byte the exit code.
    exit = status & 0x7F == 0 ? .code(Int32(status >> 8 & 0xFF)) : .signal(Int32(status & 0x7F))
    reason = try frame.take()
    startedMicros = try frame.take()
    endedMicros = try frame.take()
    cpuMicros = try frame.take()
    peakBytes = try frame.take()
    readBytes = try frame.take()
    writtenBytes = try frame.take()
    stdoutBytes = try frame.take()
    stderrBytes = try frame.take()
    workTouched = try frame.take(UInt8.self) != 0
    tag = try frame.takeBytes()
    slot = try frame.takeString()
  }
}

extension ProcessFailure {
  init(from frame: inout FrameReader) throws(MalformedFrame) {
    attempt = try frame.take()
    errno = Int32(bitPattern: try frame.take())
    guard let step = Step(rawValue: try frame.take()) else { throw MalformedFrame() }
    self.step = step
    tag = try frame.takeBytes()
    slot = try frame.takeString()
  }
}
