import Foundation
import Glibc
import ReeveExecution
import Testing

@Suite struct `A supervisor outlives agents, and its file outlives it` {
  @Test func `an agent that comes back finds running tasks and ended ones`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let before = Events()
      let (first, _) = try node.connect(before)
      first.spawn([
        node.shell(1, "sleep 1000", tag: [1, 0, 255]), node.shell(2, "sleep 0.2; exit 2", tag: [2]),
        node.shell(3, "exit 3"),
      ])
      let pid = try await before.pid(of: 1)
      let third = try await before.end(of: 3)
      first.kill([KillOrder(attempt: 3, reason: 1, grace: .zero)])
      first.close()
      try await waitUntil("the connection ends") { before.all.contains(.disconnected) }
      try await Task.sleep(for: .milliseconds(400))

      let after = Events()
      let (second, state) = try node.connect(after)
      #expect(state.running.map(\.attempt) == [1])
      #expect(state.running.first?.pid == pid)
      #expect(state.running.first?.tag == [1, 0, 255])
      #expect(state.running.first?.slot == "slots/1")
      #expect(state.ended.map(\.attempt).sorted() == [2, 3])
      #expect(state.ended.contains(third))
      #expect(state.ended.first { $0.attempt == 2 }?.exit == .code(2))
      second.forget([2, 3])
      second.kill([KillOrder(attempt: 1, reason: 6, grace: .seconds(1))])
      #expect(try await after.end(of: 1).reason == 6)
      let (_, last) = try node.connect(Events())
      #expect(last.ended.map(\.attempt) == [1])
    }
  }

  @Test func `a new connection takes the place of the older one`() async throws {
    try await TestNode.run { node in
      let events = Events()
      let (first, _) = try node.connect(events)
      let (second, _) = try node.connect(Events())
      try await waitUntil("the first is cut off") { events.all == [.disconnected] }
      withExtendedLifetime((first, second)) {}
    }
  }

  @Test func `ends survive a supervisor that is killed`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (first, _) = try node.connect(events)
      var missing = node.shell(3, "", tag: [3])
      missing.arguments = ["no-such-program"]
      first.spawn([node.shell(1, "exit 1"), node.shell(2, "echo out", tag: [2, 2]), missing])
      let one = try await events.end(of: 1)
      let two = try await events.end(of: 2)
      let three = try await events.failure(of: 3)
      first.forget([1])
      // The acknowledgement has been carried out when what was sent after it has.
      first.spawn([node.shell(4, "true")])
      let four = try await events.end(of: 4)
      #expect(one.exit == .code(1))
      kill(try #require(node.supervisorPID), SIGKILL)
      try await waitUntil("the connection ends") { events.all.contains(.disconnected) }

      let (second, state) = try node.connect(Events())
      #expect(Set(state.ended.map(\.attempt)) == [2, 4])
      #expect(state.ended.contains(two) && state.ended.contains(four))
      #expect(state.failed == [three])
      #expect(state.running.isEmpty)
      second.forget([2, 3, 4])
    }
  }

  @Test func `a torn tail is cut and what stands before it kept`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (first, _) = try node.connect(events)
      first.spawn([node.shell(1, "exit 1"), node.shell(2, "exit 2")])
      _ = try await (events.end(of: 1), events.end(of: 2))
      kill(try #require(node.supervisorPID), SIGKILL)
      try await waitUntil("the connection ends") { events.all.contains(.disconnected) }
      let path = "\(node.directory)/exits"
      let whole = try #require(FileManager.default.contents(atPath: path))
      #expect(truncate(path, off_t(whole.count - 5)) == 0)

      let (second, state) = try node.connect(Events())
      #expect(state.ended.count == 1)
      let cut = try #require(FileManager.default.contents(atPath: path))
      #expect(cut.count < whole.count - 5 && whole.starts(with: cut))
      #expect(node.text("spawn.log").contains("torn tail"))
      withExtendedLifetime(second) {}
    }
  }

  @Test func `the file of ends does not grow for ever`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      let tag = [UInt8](repeating: 7, count: 512)
      var next: UInt64 = 0
      // Failures are ends too, and cost no process.
      for _ in 0..<30 {
        let batch = (1...100).map { UInt64($0) + next }
        next += 100
        supervisor.spawn(
          batch.map {
            SpawnRequest(
              attempt: $0,
              slot: "slots/0",
              arguments: ["no-such-program"],
              environment: [],
              tag: tag
            )
          }
        )
        try await waitUntil("the batch has failed") { events.failures.count == Int(next) }
        supervisor.forget(batch.filter { $0 != 1 })
      }
      let size = try #require(FileManager.default.contents(atPath: "\(node.directory)/exits")).count
      #expect(size < 1_300_000)
      kill(try #require(node.supervisorPID), SIGKILL)
      try await waitUntil("the connection ends") { events.all.contains(.disconnected) }
      let (_, state) = try node.connect(Events())
      #expect(state.failed.map(\.attempt).contains(1))
      #expect(state.failed.count <= 101)
    }
  }

  @Test func `only one supervisor serves a directory`() async throws {
    try await TestNode.run { node in
      let (supervisor, _) = try node.connect(Events())
      let second = Process()
      second.executableURL = URL(fileURLWithPath: node.executable)
      second.arguments = ["--directory", node.directory]
      second.standardError = FileHandle.nullDevice
      try second.run()
      second.waitUntilExit()
      #expect(second.terminationStatus == 1)
      withExtendedLifetime(supervisor) {}
    }
  }

  @Test func `a supervisor that nobody needs leaves`() async throws {
    try await TestNode.run { node in
      let starter = Process()
      starter.executableURL = URL(fileURLWithPath: node.executable)
      starter.arguments = ["--directory", node.directory, "--linger", "1"]
      try starter.run()
      starter.waitUntilExit()
      #expect(starter.terminationStatus == 0)
      let (supervisor, _) = try node.connect(Events())
      try await Task.sleep(for: .milliseconds(1_300))
      #expect(FileManager.default.fileExists(atPath: "\(node.directory)/spawn.sock"))
      supervisor.close()
      try await waitUntil("it is gone") {
        !FileManager.default.fileExists(atPath: "\(node.directory)/spawn.sock")
      }
    }
  }
}
