import Glibc
import ReeveExecution
import Testing

@Suite struct `A supervisor ends what it is told to end` {
  @Test func `a task that answers TERM ends with the order's reason, whatever its exit code`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      supervisor.spawn([node.shell(1, "trap 'exit 0' TERM; echo ready; while :; do sleep 0.01; done")])
      try await waitUntil("it is ready") { node.text("slots/1/stdout") == "ready\n" }
      supervisor.kill([KillOrder(attempt: 1, reason: 42, grace: .seconds(10))])
      let end = try await events.end(of: 1)
      #expect(end.exit == .code(0))
      #expect(end.reason == 42)
    }
  }

  @Test func `a task that ignores TERM is killed after its grace`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      supervisor.spawn([node.shell(1, "trap '' TERM; echo ready; while :; do sleep 0.01; done")])
      try await waitUntil("it is ready") { node.text("slots/1/stdout") == "ready\n" }
      let begin = ContinuousClock.now
      supervisor.kill([KillOrder(attempt: 1, reason: 5, grace: .milliseconds(300))])
      let end = try await events.end(of: 1)
      #expect(end.exit == .signal(SIGKILL))
      #expect(end.reason == 5)
      #expect(ContinuousClock.now - begin >= .milliseconds(290))
    }
  }

  @Test func `a kill right behind the start finds its task`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      for attempt in UInt64(1)...50 {
        supervisor.spawn([node.shell(attempt, "sleep 1000", slot: Int(attempt % 4))])
        supervisor.kill([KillOrder(attempt: attempt, reason: 9, grace: .seconds(15))])
        let end = try await events.end(of: attempt)
        #expect(end.exit == .signal(SIGTERM))
        #expect(end.reason == 9)
      }
    }
  }

  @Test func `the first reason stays and a second order may shorten the grace`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      supervisor.spawn([node.shell(1, "trap '' TERM; echo ready; while :; do sleep 0.01; done")])
      try await waitUntil("it is ready") { node.text("slots/1/stdout") == "ready\n" }
      supervisor.kill([KillOrder(attempt: 1, reason: 1, grace: .seconds(1000))])
      supervisor.kill([KillOrder(attempt: 1, reason: 2, grace: .zero)])
      let end = try await events.end(of: 1)
      #expect(end.reason == 1)
    }
  }

  @Test func `background children are gone when the end is said`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      supervisor.spawn([node.shell(1, "(trap '' TERM HUP; echo $BASHPID; sleep 1000) & sleep 0.1; exit 4")])
      let end = try await events.end(of: 1)
      #expect(end.exit == .code(4))
      let child = try #require(Int32(node.text("slots/1/stdout").split(separator: "\n").first ?? ""))
      #expect(!isAlive(child))
    }
  }

  @Test func `a job of a shell with job control is gone too`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      supervisor.spawn([node.shell(1, "set -m; sleep 1000 & echo $!; sleep 0.3; exit 0")])
      let end = try await events.end(of: 1)
      #expect(end.exit == .code(0))
      let child = try #require(Int32(node.text("slots/1/stdout").split(separator: "\n").first ?? ""))
      #expect(!isAlive(child))
    }
  }

  @Test func `a shutdown ends every task with a reason, and the supervisor`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      supervisor.spawn([
        node.shell(1, "sleep 1000"), node.shell(2, "trap '' TERM; while :; do sleep 0.01; done"),
      ])
      let pids = [try await events.pid(of: 1), try await events.pid(of: 2)]
      supervisor.shutdown(grace: .milliseconds(100))
      try await waitUntil("the connection ends") { events.all.contains(.disconnected) }
      #expect(events.ends.map(\.reason) == [255, 255])
      #expect(!pids.contains { isAlive($0) })
    }
  }
}
