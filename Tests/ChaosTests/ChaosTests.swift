import Foundation
import Testing

/// A cluster of real processes under a list of faults from a seed.
///
/// `REEVE_CHAOS_SEED` and `REEVE_CHAOS_FAULTS` choose another list, and how long it is. What the processes make of it is not
/// the same each time, but nearly: the failing seed fails again more often than not.
@Suite("Chaos", .timeLimit(.minutes(120))) struct ChaosTests {
  private static let seed: UInt64 = 81_423
  private static let faults = 100

  private static func setting<N: FixedWidthInteger>(_ name: String, _ standard: N) -> N {
    ProcessInfo.processInfo.environment[name].flatMap { N($0) } ?? standard
  }

  @Test func `whatever dies, stops or is cut off, every promise is kept`() async throws {
    let seed = Self.setting("REEVE_CHAOS_SEED", Self.seed)
    let faults = Self.setting("REEVE_CHAOS_FAULTS", Self.faults)
    let again = "REEVE_CHAOS_SEED=\(seed) REEVE_CHAOS_FAULTS=\(faults) Scripts/test --filter ChaosTests"
    print("chaos: \(again)")
    try await ChaosCluster.run { cluster in
      let run = try ChaosRun(seed: seed, faults: faults, on: cluster)
      do {
        let (record, report) = try await run.run()
        print("chaos: \(report.text)")
        for finding in report.findings { Issue.record("\(finding)") }
        // A run in which nothing happened finds nothing.
        #expect(report.count == faults && report.tasksStarted > 5 * faults, "\(report.text)")
        if !report.findings.isEmpty { attach(record, run, cluster, again) }
      } catch {
        attach(nil, run, cluster, again)
        throw error
      }
    }
  }

  /// A server that shuts down waits for the answers that it owes, and a core that has stopped gives none; and for
  /// connections, which one that is cut off never closes.
  @Test func `a role ends when it is told to, whatever others want of it`() async throws {
    try await ChaosCluster.run { cluster in
      try await withThrowingTaskGroup(of: Void.self) { group in
        cluster.keep(in: &group)
        let client = Client(cluster.address)
        defer { client.close() }
        try await wait("nodes are up") { await client.nodesUp() == Layout.nodes }
        let isOver = Shared(false)
        for _ in 0..<8 {
          group.addTask {
            while !isOver.withLock({ $0 }), !Task.isCancelled { _ = await client.unfinished() }
          }
        }
        for role in Layout.roles + [.master, .master] {
          let process = try #require(cluster.roles[role])
          try await wait("\(role) is there") { process.pid > 0 }
          let silent = cluster.connect(to: role)
          defer { silent.map { _ = close($0) } }
          for line in Layout.lines where line != .clientToMaster { cluster.begin(.cut(line, .mute, 0)) }
          // Not before it can hear it.
          try await Task.sleep(for: .milliseconds(300))
          let pid = process.pid
          process.send(SIGTERM)
          try await wait("\(role) has ended", within: .seconds(10)) { process.pid != pid }
        }
        isOver.withLock { $0 = true }
        cluster.end()
        try await group.waitForAll()
      }
    }
  }

  /// Whoever opens a stream may never hear a word on it: it must not wait for ever.
  @Test func `a connection that is swallowed while it is made is given up`() async throws {
    try await ChaosCluster.run { cluster in
      try await withThrowingTaskGroup(of: Void.self) { group in
        cluster.keep(in: &group)
        let client = Client(cluster.address)
        defer { client.close() }
        try await wait("nodes are up") { await client.nodesUp() == Layout.nodes }
        let cuts: [Fault] = [.cut(.nodeToRack(0), .swallow, 0), .cut(.rackToMaster(1), .swallow, 0)]
        for cut in cuts { cluster.begin(cut) }
        // They notice the silence, and connect again into the void.
        try await Task.sleep(for: .seconds(8))
        for cut in cuts { cluster.heal(cut) }
        try await wait("nodes are up again") { await client.nodesUp() == Layout.nodes }
        let opened = [Role.node(0), .rack(1)].map { cluster.log(of: $0) }
        #expect(opened.allSatisfy { $0.contains("nothing was heard") }, "they noticed nothing: \(opened)")
        cluster.end()
        try await group.waitForAll()
      }
    }
  }

  private func wait(
    _ what: String,
    // A machine that is busy with other tests is given time.
    within limit: Duration = .seconds(120),
    _ condition: () async -> Bool
  ) async throws {
    let deadline = ContinuousClock.now + limit
    while await !condition() {
      guard ContinuousClock.now < deadline else { throw ChaosError("not within \(limit): \(what)") }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  private func attach(_ record: Record?, _ run: ChaosRun, _ cluster: ChaosCluster, _ again: String) {
    print("chaos: run it again with: \(again)")
    let plan = run.plan.steps.enumerated().map { "\($0 + 1): after \($1.wait) ms \($1.fault)" }
    Attachment.record(plan.joined(separator: "\n"), named: "plan")
    if let record {
      let log = record.faults.entries.map { "\($0.from) to \($0.to): \($0.fault)" }
      Attachment.record(log.joined(separator: "\n"), named: "faults")
      let facts = record.facts.map { "\($0.at): \($0.fact)" }
      Attachment.record(facts.joined(separator: "\n"), named: "journal")
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(cluster.directory)/log")) ?? []
    for name in ["history"] + names.sorted().map({ "log/\($0)" }) {
      let bytes = FileManager.default.contents(atPath: "\(cluster.directory)/\(name)") ?? Data()
      Attachment.record(String(decoding: bytes, as: UTF8.self), named: name.replacing("log/", with: ""))
    }
  }
}
