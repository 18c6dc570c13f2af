import Glibc
import ReeveExecution
import Testing

@Suite struct `A supervisor does not mind nonsense` {
  static let hello: [UInt8] = [5, 0, 0, 0, 1, 1, 0, 0, 0]

  static let nonsense: [[UInt8]] = [
    [0, 0, 0, 0, 0],
    [255, 255, 255, 255, 2],
    [5, 0, 0, 0, 1, 99, 0, 0, 0],  // a version that is not known
    [13, 0, 0, 0, 4, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],  // before HELLO
    hello + [1, 0, 0, 0, 77],  // a kind that does not exist
    hello + hello,
    hello + [5, 0, 0, 0, 4, 255, 255, 255, 255],  // a list longer than its frame
    hello + [13, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 127],  // a string longer than its frame
    // No argument at all, then a NUL in the slot's name.
    hello + [26, 0, 0, 0, 2] + spawnHead + [1, 0, 0, 0, 65] + [UInt8](repeating: 0, count: 12),
    hello + [26, 0, 0, 0, 2] + spawnHead + [1, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 12),
    hello + [6, 0, 0, 0, 5, 0, 0, 0, 0, 0],  // a byte too many
  ]
  static let spawnHead: [UInt8] = [9, 0, 0, 0, 0, 0, 0, 0]

  @Test func `malformed frames end the connection and nothing else`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      supervisor.spawn([node.shell(1, "sleep 1000")])
      let pid = try await events.pid(of: 1)
      for bytes in Self.nonsense {
        let file = try rawConnection(node)
        #expect(send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
        #expect(isClosed(file), "\(bytes)")
        close(file)
      }
      let (_, state) = try node.connect(Events())
      #expect(state.running.map(\.pid) == [pid])
      #expect(state.ended.isEmpty && state.failed.isEmpty)
      withExtendedLifetime(supervisor) {}
    }
  }

  @Test func `a frame may come byte by byte`() async throws {
    try await TestNode.run { node in
      let (supervisor, _) = try node.connect(Events())
      let file = try rawConnection(node)
      defer { close(file) }
      for byte in Self.hello {
        #expect(send(file, [byte], 1, Int32(MSG_NOSIGNAL)) == 1)
        try await Task.sleep(for: .milliseconds(2))
      }
      var answer = [UInt8](repeating: 0, count: 64)
      #expect(read(file, &answer, 64) == 17)
      #expect(answer.prefix(9) == [13, 0, 0, 0, 65, 1, 0, 0, 0])
      withExtendedLifetime(supervisor) {}
    }
  }

  private func rawConnection(_ node: TestNode) throws -> Int32 {
    let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "\(node.directory)/spawn.sock".utf8) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw TestFailure("cannot connect") }
    return file
  }

  /// Reads on to the end of the stream, for 5 s at most.
  private func isClosed(_ file: Int32) -> Bool {
    var room = [UInt8](repeating: 0, count: 4096)
    while true {
      var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 5_000) == 1 else { return false }
      if read(file, &room, room.count) <= 0 { return true }
    }
  }
}
