import Foundation
import Glibc
import Synchronization

/// A socket, the frames that came in over it, and those that did not go out at once.
final class SupervisorConnection: Sendable {
  private let file: Int32
  private let onEvents: @Sendable ([SupervisorEvent]) -> Void
  private let unsent = Mutex(Unsent())
  private let early: Mutex<[UInt8]>

  /// What the socket had no room for; a thread stays with it until all is gone.
  private struct Unsent {
    var bytes: [UInt8] = []
    var closed = false
  }

  private init(_ file: Int32, early: [UInt8], onEvents: @escaping @Sendable ([SupervisorEvent]) -> Void) {
    self.file = file
    self.early = Mutex(early)
    self.onEvents = onEvents
  }

  deinit { Glibc.close(file) }

  func close() {
    unsent.withLock { $0.closed = true }
    Glibc.shutdown(file, Int32(SHUT_RDWR))
  }
}

// MARK: Greeting

extension SupervisorConnection {
  /// Says HELLO on a fresh socket, and waits for all that comes with the answer. Nil: the supervisor went away.
  static func greet(
    _ file: Int32,
    until deadline: ContinuousClock.Instant,
    onEvents: @escaping @Sendable ([SupervisorEvent]) -> Void
  ) throws -> (SupervisorConnection, SupervisorState)? {
    var kept = false
    defer { if !kept { Glibc.close(file) } }
    var hello = FrameWriter()
    hello.frame(.hello) { $0.put(supervisorProtocolVersion) }
    guard Glibc.send(file, hello.bytes, hello.bytes.count, Int32(MSG_NOSIGNAL)) == hello.bytes.count else {
      return nil
    }
    var inbox = FrameInbox()
    var welcome = Welcome()
    while !welcome.isComplete {
      var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      guard ContinuousClock.now < deadline else { return nil }
      guard poll(&waiting, 1, 100) > 0 else { continue }
      guard try inbox.fill(from: file) else { return nil }
      while !welcome.isComplete, let frame = try inbox.next() { try welcome.take(frame.kind, frame.body) }
    }
    kept = true
    // Events may have come in the same read as the last of the welcome.
    return (SupervisorConnection(file, early: inbox.rest, onEvents: onEvents), welcome.state)
  }
}

/// The answer to HELLO: a frame that counts what follows, and that.
private struct Welcome {
  var state = SupervisorState()
  private var toCome: UInt32?

  var isComplete: Bool { toCome == 0 }

  mutating func take(_ kind: FrameKind, _ body: ArraySlice<UInt8>) throws {
    var frame = FrameReader(body)
    switch (kind, toCome) {
    case (.welcome, nil):
      guard try frame.take(UInt32.self) == supervisorProtocolVersion else { throw MalformedFrame() }
      toCome = try frame.take()
      for _ in 0..<(try frame.take(UInt32.self)) { state.running.append(try RunningProcess(from: &frame)) }
    case (.ended, .some(let left)):
      state.ended.append(try ProcessEnd(from: &frame))
      toCome = left - 1
    case (.failed, .some(let left)):
      state.failed.append(try ProcessFailure(from: &frame))
      toCome = left - 1
    default: throw MalformedFrame()
    }
  }
}

// MARK: Reading

/// Bytes as they came, cut into frames.
private struct FrameInbox {
  private var bytes: [UInt8] = []
  private var taken = 0

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  var rest: [UInt8] { Array(bytes[taken...]) }

  /// Reads what there is; false at the end of the stream.
  mutating func fill(from file: Int32) throws -> Bool {
    bytes.removeFirst(taken)
    taken = 0
    let chunk = 128 << 10
    let count = withUnsafeTemporaryAllocation(byteCount: chunk, alignment: 16) { room in
      var count = -1
      repeat { count = Glibc.read(file, room.baseAddress, chunk) } while count < 0 && errno == EINTR
      if count > 0 { bytes.append(contentsOf: room[..<count]) }
      return count
    }
    return count > 0
  }

  mutating func next() throws(MalformedFrame) -> (kind: FrameKind, body: ArraySlice<UInt8>)? {
    guard bytes.count - taken >= 5 else { return nil }
    var head = FrameReader(bytes[taken..<taken + 4])
    let length = Int(try head.take(UInt32.self))
    guard length > 0, let kind = FrameKind(rawValue: bytes[taken + 4]) else { throw MalformedFrame() }
    guard bytes.count - taken - 4 >= length else { return nil }
    let end = taken + 4 + length
    defer { taken = end }
    return (kind, bytes[taken + 5..<end])
  }
}

extension SupervisorConnection {
  func startReading() {
    let thread = Thread { self.readAll() }
    thread.name = "supervisor"
    thread.start()
  }

  private func readAll() {
    var inbox = FrameInbox(early.withLock { early in exchange(&early, with: []) })
    do {
      repeat {
        var events: [SupervisorEvent] = []
        while let frame = try inbox.next() { events.append(try SupervisorEvent(frame.kind, frame.body)) }
        if !events.isEmpty { onEvents(events) }
      } while try inbox.fill(from: file)
    } catch {
      // A supervisor that makes no sense is as good as none; it tells everything again to the next connection.
    }
    close()
    onEvents([.disconnected])
  }
}

extension SupervisorEvent {
  fileprivate init(_ kind: FrameKind, _ body: ArraySlice<UInt8>) throws(MalformedFrame) {
    var frame = FrameReader(body)
    switch kind {
    case .started:
      self = .started(
        attempt: try frame.take(),
        pid: Int32(bitPattern: try frame.take()),
        startedMicros: try frame.take()
      )
    case .ended: self = .ended(try ProcessEnd(from: &frame))
    case .failed: self = .failed(try ProcessFailure(from: &frame))
    default: throw MalformedFrame()
    }
  }
}

// MARK: Writing

extension SupervisorConnection {
  /// Sends at once what the socket takes, in order with what was sent before; the rest goes by itself.
  func send(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    unsent.withLock { unsent in
      guard !unsent.closed else { return }
      guard unsent.bytes.isEmpty else {
        unsent.bytes += bytes
        return
      }
      let count = sendNow(bytes[...])
      guard count < bytes.count else { return }
      unsent.bytes = Array(bytes[count...])
      Thread.detachNewThread { self.sendRest() }
    }
  }

  private func sendNow(_ bytes: ArraySlice<UInt8>) -> Int {
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    return max(0, bytes.withUnsafeBytes { Glibc.send(file, $0.baseAddress, $0.count, flags) })
  }

  private func sendRest() {
    while true {
      var waiting = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
      poll(&waiting, 1, 1_000)
      let done = unsent.withLock { unsent in
        unsent.bytes.removeFirst(sendNow(unsent.bytes[...]))
        // After a hang-up the reader closes; what is left would never go.
        return unsent.bytes.isEmpty || unsent.closed
      }
      if done { return }
    }
  }
}
