import Foundation
import Glibc
import Testing

extension ClusterTests {
  /// `kill -9` in the middle of a thousand tasks, each of which writes its id to a file: once is the promise, for what
  /// runs survives the death of everybody but its own node.
  @Suite("Crashes", .timeLimit(.minutes(5))) struct CrashTests {
    private static let count = 1_000

    private func begin(_ cluster: TemporaryCluster) async throws {
      let command = "echo $REEVE_TASK_ID >> \(cluster.directory)/ran; echo out $REEVE_TASK_ID; sleep 0.05"
      try await cluster.submit(
        JobFile((0..<Self.count).map { .init(id: "t\($0)", command: command) }),
        id: "thousand"
      )
    }

    private func hasRun(_ cluster: TemporaryCluster, _ count: Int) async throws {
      try await waitUntil("\(count) tasks have run", within: .seconds(60)) {
        cluster.lines("ran").count >= count
      }
    }

    /// Everything ends, nothing is lost, nothing ran twice, and each has its own output.
    private func check(_ cluster: TemporaryCluster) async throws {
      let ended = try await cluster.reeve("wait", "-q", "thousand")
      #expect(ended.status == 0, "\(ended)")
      let job = try await cluster.job("thousand")
      #expect(
        job.completed == Self.count && job.failed + job.cancelled + job.pending + job.running == 0,
        "\(job)"
      )
      let ran = cluster.lines("ran")
      let twice = Dictionary(grouping: ran) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
      #expect(twice.isEmpty && Set(ran).count == Self.count)
      let tasks = try await cluster.tasks("thousand")
      #expect(tasks.count == Self.count && tasks.allSatisfy { $0.attempts == 1 && $0.exitCode == 0 })
      try await cluster.checkOutput(of: tasks)
    }

    enum Victims: String, CaseIterable, CustomTestStringConvertible {
      case master, rack, masterAndRack, agent
      var testDescription: String { rawValue }

      /// Verb and name of each that dies in the `round`th of ten times.
      func roles(_ round: Int) -> [(String, String?)] {
        let (rack, node) = ("rack-\(round % 2)", "node-\(round % 4)")
        return switch self {
        case .master: [("master", nil)]
        case .rack: [("rack", rack)]
        case .masterAndRack: [("master", nil), ("rack", rack)]
        case .agent: [("agent", node)]
        }
      }
    }

    @Test(arguments: Victims.allCases)
    func `ten times in a run somebody dies: all goes on, and nothing runs twice`(victims: Victims)
      async throws
    {
      try await TemporaryCluster.run(nodes: 4, racks: 2, cpus: 2) { cluster in
        try await begin(cluster)
        for round in 0..<10 {
          try await hasRun(cluster, 80 + 80 * round)
          let roles = victims.roles(round)
          let pids = try roles.map { try cluster.pid($0.0, $0.1) }
          for pid in pids { kill(pid, SIGKILL) }
          for (role, old) in zip(roles, pids) {
            try await waitUntil("there is another \(role)", within: .seconds(20)) {
              let new = try? cluster.pid(role.0, role.1)
              return new != nil && new != old
            }
          }
        }
        try await check(cluster)
      }
    }

    /// So long that everybody has noticed, and racks have gone to others.
    @Test(arguments: ["master", "rack"])
    func `whoever is stopped for fifteen seconds and goes on then has nothing run again`(verb: String)
      async throws
    {
      try await TemporaryCluster.run(nodes: 4, racks: 2, cpus: 2) { cluster in
        try await begin(cluster)
        try await hasRun(cluster, 200)
        let pid = try cluster.pid(verb)
        kill(pid, SIGSTOP)
        defer { kill(pid, SIGCONT) }
        try await Task.sleep(for: .seconds(15))
        kill(pid, SIGCONT)
        try await check(cluster)
      }
    }

    /// The journal is read again, racks state what they have, and the next task starts.
    @Test func `after a death of the master the next launch comes within a second`() async throws {
      try await TemporaryCluster.run(nodes: 4, racks: 2, cpus: 2) { cluster in
        #expect(try await cluster.reeve("run", "--", "true").status == 0)
        let clock = ContinuousClock()
        var spans: [Duration] = []
        for round in 0..<3 {
          // Before a role that dies again and again is started there is a pause, which grows.
          if round > 0 { try await Task.sleep(for: .seconds(11)) }
          let path = "\(cluster.directory)/started-\(round)"
          let died = clock.now
          try await cluster.killRole("master")
          try await waitUntil("it takes jobs again") {
            try await cluster.reeve("submit", "--id", "next-\(round)", "--", "touch", path).status == 0
          }
          try await waitUntil("the job starts") { FileManager.default.fileExists(atPath: path) }
          spans.append(clock.now - died)
        }
        print(
          "crashes: \(spans.sorted()[1]) from a death of the master to the next start of a task (\(spans))"
        )
        #expect(spans.sorted()[1] < .seconds(1), "\(spans)")
      }
    }

    /// Meanwhile no end is acknowledged: the agent's successor hears of all of them again, and their slots are others'.
    @Test func `an agent dies while the master is silent: each task still has its own output`() async throws {
      try await TemporaryCluster.run(nodes: 2, cpus: 4) { cluster in
        try await begin(cluster)
        for progress in [150, 400] {
          try await hasRun(cluster, progress)
          let master = try cluster.pid("master")
          kill(master, SIGSTOP)
          try await Task.sleep(for: .milliseconds(150))
          try await cluster.killRole("agent", "node-0")
          try await Task.sleep(for: .milliseconds(500))
          kill(master, SIGCONT)
        }
        try await check(cluster)
        #expect(!cluster.log("node-0").contains("a slot is lost"), "\(cluster.log("node-0"))")
      }
    }

    @Test func `an agent dies before a task is to be warned: its successor warns it`() async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let script = "trap 'echo warned; exit 0' USR1; echo begun; while :; do sleep 0.05; done"
        let run = try cluster.begin("run", "--time", "20s", "--warn", "USR1@14s", "--", "sh", "-c", script)
        try await run.says("begun\n")
        try await cluster.killRole("agent")
        let ended = try await run.end()
        #expect(ended.status == 0 && ended.stdout == "begun\nwarned\n", "\(ended)")
      }
    }

    @Test func `master, racks and agents die at once`() async throws {
      try await TemporaryCluster.run(nodes: 2, cpus: 4) { cluster in
        try await begin(cluster)
        try await hasRun(cluster, 200)
        let victims = [
          try cluster.pid("master"), try cluster.pid("rack"), try cluster.pid("agent", "node-0"),
          try cluster.pid("agent", "node-1"),
        ]
        for pid in victims { kill(pid, SIGKILL) }
        try await check(cluster)
      }
    }

    @Test func `up is killed and started again: the job goes on where it was`() async throws {
      try await TemporaryCluster.run(nodes: 2, cpus: 4) { cluster in
        try await begin(cluster)
        try await hasRun(cluster, 200)
        let address = cluster.address
        cluster.killUp()
        try await cluster.start()
        #expect(cluster.address == address, "shells that know the old address go on")
        try await check(cluster)
      }
    }

    @Test func `up ends and is started again: a task that runs meanwhile is not harmed`() async throws {
      try await TemporaryCluster.run { cluster in
        let script = "echo begun; sleep 4; echo over"
        #expect(try await cluster.reeve("submit", "--id", "long", "--", "sh", "-c", script).status == 0)
        try await waitUntil("it has begun") { try await cluster.reeve("logs", "long").stdout == "begun\n" }
        try await cluster.stop()
        let away = try await cluster.reeve("ps")
        #expect(away.status == 6, "\(away)")
        try await cluster.start()
        #expect(try await cluster.reeve("wait", "long").status == 0)
        #expect(try await cluster.reeve("logs", "long").stdout == "begun\nover\n")
        #expect(try await cluster.tasks("long").map(\.attempts) == [1])
      }
    }

    @Test func `who waits and who follows bears a master and an agent that die`() async throws {
      try await TemporaryCluster.run { cluster in
        let script = "echo one; while [ ! -e \(cluster.directory)/go ]; do sleep 0.05; done; echo two; exit 5"
        let run = try cluster.begin("run", "--id", "borne", "--", "sh", "-c", script)
        try await run.says("one\n")
        let wait = try cluster.begin("wait", "borne")
        let node = try await cluster.tasks("borne").first?.node
        try await cluster.killRole("master")
        try await cluster.killRole("agent", node)
        _ = try cluster.write("", to: "go")
        let (ran, waited) = (try await run.end(), try await wait.end())
        #expect(ran.status == 5 && ran.stdout == "one\ntwo\n", "\(ran)")
        #expect(waited.status == 5, "\(waited)")
      }
    }

    @Test func `what was written is there at once for a master that has just started`() async throws {
      try await TemporaryCluster.run { cluster in
        #expect(try await cluster.reeve("run", "--id", "before", "--", "echo", "kept").status == 0)
        try await cluster.killRole("master")
        try await waitUntil("it answers") { try await cluster.reeve("ps").status == 0 }
        for arguments in [["logs", "before"], ["logs", "-f", "before"]] {
          let logs = try await cluster.reeve(arguments)
          #expect(logs.status == 0 && logs.stdout == "kept\n", "\(logs)")
        }
      }
    }
  }
}
