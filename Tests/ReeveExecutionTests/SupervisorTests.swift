import Glibc
import ReeveExecution
import Testing

@Suite struct `A supervisor runs what it is told` {
  @Test func `output goes to the slot and is counted`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, state) = try node.connect(events)
      #expect(state == SupervisorState())
      supervisor.spawn([node.shell(1, "echo $GREETING; echo oh >&2; pwd", tag: [7, 8])])
      let end = try await events.end(of: 1)
      #expect(end.exit == .code(0))
      #expect(end.tag == [7, 8])
      #expect(end.slot == "slots/1")
      #expect(node.text("slots/1/stdout") == "hello\n\(node.directory)/slots/1/work\n")
      #expect(node.text("slots/1/stderr") == "oh\n")
      #expect(end.stdoutBytes == UInt64(node.text("slots/1/stdout").utf8.count))
      #expect(end.stderrBytes == 3)
      #expect(!end.workTouched)
      #expect(end.touchedSlot)
      #expect(end.endedMicros >= end.startedMicros)
      #expect(end.peakBytes > 100_000)
    }
  }

  @Test func `exit codes and signals are told apart`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      supervisor.spawn([node.shell(1, "exit 3"), node.shell(2, "kill -SEGV $$"), node.shell(3, "true")])
      #expect(try await events.end(of: 1).exit == .code(3))
      #expect(try await events.end(of: 2).exit == .signal(SIGSEGV))
      #expect(try await events.end(of: 3).exit == .code(0))
      #expect(try await events.end(of: 3).reason == 0)
    }
  }

  @Test func `cpu time is that of the whole task`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      supervisor.spawn([node.shell(1, "bash -c 'for ((i = 0; i < 200000; i++)); do :; done'; true")])
      #expect(try await events.end(of: 1).cpuMicros > 50_000)
    }
  }

  @Test func `what cannot be started says where and why`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      var missing = node.shell(1, "", tag: [1])
      missing.arguments = ["no-such-program"]
      var elsewhere = node.shell(2, "")
      elsewhere.arguments = ["/no/such/program"]
      var noProgram = node.shell(3, "")
      noProgram.arguments = ["/etc/passwd"]
      var noSlot = node.shell(4, "")
      noSlot.slot = "nowhere/4"
      var noInterpreter = node.shell(5, "")
      let script = "\(node.directory)/script"
      let file = open(script, O_WRONLY | O_CREAT, 0o755)
      #expect(write(file, "#!/no/such/shell\n", 17) == 17)
      close(file)
      noInterpreter.arguments = [script]
      supervisor.spawn([missing, elsewhere, noProgram, noSlot, noInterpreter])
      #expect(
        try await events.failure(of: 1)
          == ProcessFailure(attempt: 1, errno: ENOENT, step: .program, tag: [1], slot: "slots/1")
      )
      #expect(try await events.failure(of: 2).errno == ENOENT)
      #expect(try await events.failure(of: 3).errno == EACCES)
      #expect(try await events.failure(of: 4).step == .slot)
      // Only the kernel knows this one.
      #expect(try await events.failure(of: 5).errno == ENOENT)
      #expect(events.ends.isEmpty)
    }
  }

  @Test func `a task has its own session, no descriptor and no signal blocked`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      supervisor.spawn([
        node.shell(
          1,
          """
          echo /proc/$$/fd/*; readlink /proc/$$/fd/0; ps -o sid= -p $$ | tr -d ' '
          grep -E '^Sig(Blk|Ign)' /proc/self/status
          """
        )
      ])
      let pid = try await events.pid(of: 1)
      _ = try await events.end(of: 1)
      let own = "/proc/\(pid)/fd"
      let none = String(repeating: "0", count: 16)
      // Descriptor 3 is the shell's own, for the listing.
      #expect(
        node.text("slots/1/stdout").split(separator: "\n") == [
          "\(own)/0 \(own)/1 \(own)/2 \(own)/3", "/dev/null", "\(pid)", "SigBlk:\t\(none)",
          "SigIgn:\t\(none)",
        ]
      )
    }
  }

  @Test func `five hundred tasks in one batch end once each`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      let attempts = (1...500).map { UInt64($0) }
      supervisor.spawn(
        attempts.map { attempt in
          var request = node.shell(attempt, "")
          request.arguments = ["true"]
          return request
        }
      )
      try await waitUntil("all have ended") { events.ends.count >= 500 }
      #expect(events.ends.map(\.attempt).sorted() == attempts)
      #expect(events.ends.allSatisfy { $0.exit == .code(0) && !$0.touchedSlot })
      supervisor.forget(attempts)
      let (_, state) = try node.connect(Events())
      #expect(state == SupervisorState())
    }
  }

  @Test func `an attempt that is known is not started again`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      supervisor.spawn([
        node.shell(1, "echo once >> ../../../count"), node.shell(1, "echo once >> ../../../count"),
      ])
      _ = try await events.end(of: 1)
      supervisor.spawn([node.shell(1, "echo once >> ../../../count")])
      try await waitUntil("its end is said again") { events.ends.count >= 2 }
      #expect(node.text("count") == "once\n")
    }
  }

  @Test func `a slot that was left as it was is used again, a touched one is seen`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      for attempt in UInt64(1)...5 {
        supervisor.spawn([node.shell(attempt, "true", slot: 0)])
        #expect(try await !events.end(of: attempt).touchedSlot)
      }
      supervisor.spawn([node.shell(6, "echo > made", slot: 0)])
      #expect(try await events.end(of: 6).workTouched)
      #expect(rename("\(node.directory)/slots/0", "\(node.directory)/kept") == 0)
      // A slot of that name is made anew, even if the supervisor has files of the old one open.
      supervisor.spawn([node.shell(7, "echo fresh", slot: 0)])
      #expect(try await events.end(of: 7).stdoutBytes == 6)
      #expect(node.text("slots/0/stdout") == "fresh\n")
      #expect(node.text("kept/stdout").isEmpty)
    }
  }

  @Test func `a slot moved away under its open files is not written to`() async throws {
    try await TestNode.run { node in
      try node.makeSlots()
      let events = Events()
      let (supervisor, _) = try node.connect(events)
      supervisor.spawn([node.shell(1, "true", slot: 0)])
      _ = try await events.end(of: 1)
      #expect(rename("\(node.directory)/slots/0", "\(node.directory)/away") == 0)
      supervisor.spawn([node.shell(2, "echo here", slot: 0)])
      _ = try await events.end(of: 2)
      #expect(node.text("slots/0/stdout") == "here\n")
    }
  }
}
