import Foundation
import Glibc
import ReeveFramework
import Testing

extension ClusterTests {
  /// Frameworks in Swift, C and Python on clusters of real processes: each example checks its own result and ends with 0 when
  /// it holds.
  @Suite("Frameworks", .timeLimit(.minutes(10))) struct FrameworkTests {
    @Test func `three frameworks and the queue share a cluster, and each result holds`() async throws {
      try await TemporaryCluster.run(nodes: 4, racks: 2, cpus: 4) { cluster in
        #expect(try await cluster.reeve("roles", "set", "swift", "--weight", "2").status == 0)
        let examples = try Example.allCases.map { try cluster.begin($0, role: $0.rawValue, id: $0.rawValue) }
        let job = try await cluster.reeve("submit", "--wait", "--array", "0-99", "--", "sleep", "0.01")
        #expect(job.status == 0, "\(job)")
        for (example, program) in zip(Example.allCases, examples) {
          let ended = try await program.end(within: .seconds(240))
          #expect(ended.status == 0, "\(example): \(ended)")
        }
        let jobs = try await cluster.reeve("ps", "--all", "-o", "name").stdout
        for example in Example.allCases { #expect(jobs.contains("\(example.rawValue)\n")) }
      }
    }

    @Test(arguments: Example.allCases) func `one that is killed comes back and loses nothing`(
      example: Example
    )
      async throws
    {
      try await TemporaryCluster.run(nodes: 2, racks: 1, cpus: 4) { cluster in
        let first = try cluster.begin(example, role: "default", id: "killed")
        try await waitUntil("some of its tasks run", within: .seconds(120)) {
          try await cluster.started(of: "killed") > 0
        }
        kill(first.pid, SIGKILL)
        first.endNow()
        let away = try await cluster.reeve("frameworks", "-o", "jsonl").stdout
        #expect(away.contains("killed"))
        let ended = try await cluster.begin(example, role: "default", id: "killed").end(within: .seconds(240))
        #expect(ended.status == 0, "\(ended)")
        let job = try await cluster.job("killed")
        #expect(job.pending + job.running == 0)
      }
    }

    @Test func `the master may be killed under them`() async throws {
      try await TemporaryCluster.run(nodes: 2, racks: 1, cpus: 4) { cluster in
        let sweep = try cluster.begin(.c, role: "default", id: "sweep")
        try await waitUntil("some of its tasks have ended", within: .seconds(120)) {
          try await cluster.started(of: "sweep") > 2
        }
        try await cluster.killRole("master")
        let ended = try await sweep.end(within: .seconds(240))
        #expect(ended.status == 0, "\(ended)")
      }
    }

    @Test func `what a framework tells a task is lines of its file`() async throws {
      try await TemporaryCluster.run(nodes: 1, cpus: 2) { cluster in
        var options = FrameworkOptions(id: "teller")
        options.environment = ["REEVE_ADDRESS": cluster.address, "REEVE_TOKEN_FILE": cluster.token]
        try await Framework.with(options) { framework in
          let slot = Resources(cpus: 1)
          try await framework.demand([Demand(shape: slot, count: 1)])
          var offers = framework.offers.makeAsyncIterator()
          let offer = try #require(await offers.next())
          let wait =
            #"until grep -qx end "$REEVE_MESSAGES" 2>/dev/null; do sleep 0.02; done; cat "$REEVE_MESSAGES""#
          try await framework.accept(
            offer,
            [FrameworkTask(id: "t", command: ["sh", "-c", wait], resources: slot)]
          )
          var updates = framework.updates.makeAsyncIterator()
          var state = TaskUpdate.State.queued
          while state != .running { state = try #require(await updates.next()?.last).state }
          for line in ["one", "", "two words", "end"] { try await framework.message("t", Array(line.utf8)) }
          while !state.isTerminal { state = try #require(await updates.next()?.last).state }
          #expect(state == .succeeded)
          #expect(try await cluster.reeve("logs", "teller/t").stdout == "one\n\ntwo words\nend\n")
          for (task, text, code) in [
            ("t", "late", "conflict"), ("nobody", "x", "not-found"), ("t", "a\nb", "invalid"),
            ("t", String(repeating: "x", count: 65_537), "too-large"),
          ] {
            let error = await #expect(throws: FrameworkError.self) {
              try await framework.message(task, Array(text.utf8))
            }
            #expect(error?.code == code)
          }
        }
      }
    }

    @Test func `operators see and set who gets what`() async throws {
      try await TemporaryCluster.run(nodes: 1, cpus: 2) { cluster in
        let set = try await cluster.reeve("roles", "set", "research", "--weight", "2.5", "--limit", "cpus=1")
        #expect(set.stdout == "role research is set\n")
        let roles = try await cluster.reeve("roles", "-o", "jsonl").stdout
        #expect(
          roles.contains(
            #""name":"research","state":"even","weight":2.5,"guarantee":null,"limit":{"cpus":1}"#
          )
        )
        let much = try await cluster.reeve("roles", "set", "research", "--guarantee", "cpus=64")
        #expect(much.status == 3 && much.stderr.contains("guarantee"), "\(much)")
        let none = try await cluster.reeve("roles", "set", "research", "--weight", "0")
        #expect(none.status == 3 && none.stderr.contains("weight 0.0"), "\(none)")
        #expect(try await cluster.reeve("roles", "forget", "research").status == 0)
        #expect(try await cluster.reeve("roles", "forget", "research").status == 4)
        #expect(try await cluster.reeve("frameworks", "remove", "nobody").status == 4)
        let frameworks = try await cluster.reeve("frameworks", "-o", "jsonl").stdout
        #expect(frameworks.contains(#""id":"batch","name":"batch","role":"batch""#))
        #expect(try await cluster.reeve("offers", "--json").stdout == "[]\n")
      }
    }

    @Test func `the library in C passes its own tests under the address sanitizer`() async throws {
      let make = try await Example.command(
        "make",
        ["-s", "-C", Example.root.appending(path: "Sources/libreeve").path, "check"]
      )
      #expect(make.status == 0, "\(make)")
    }

    @Test func `what comes to the library in C may be anything`() async throws {
      let folder = Example.root.appending(path: "Sources/libreeve").path
      let make = try await Example.command("make", ["-s", "-C", folder, "fuzz", "FUZZ_SECONDS=10"])
      #expect(make.status == 0, "\(make)")
    }

    @Test func `the package in Python passes its own checks`() async throws {
      let check = try await Example.command(
        Example.root.appending(path: "Sources/reeve-python/check").path,
        []
      )
      #expect(check.status == 0, "\(check)")
    }
  }
}

/// One of the example frameworks.
enum Example: String, CaseIterable, Sendable {
  case swift
  case c
  case python

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// How it is started so that it takes seconds, keeping what it must know in a directory.
  func arguments(role: String, id: String, directory: String) -> [String] {
    switch self {
    case .swift: ["--role", role, "--id", id, "--state", directory] + Self.texts
    case .c: ["--points", "60", "--seconds", "0.2", "--role", role, "--id", id, "--directory", directory]
    case .python: ["--below", "300000000", "--role", role, "--id", id, "--state", directory]
    }
  }

  /// Enough to count for a second or two.
  private static var texts: [String] {
    let sources = root.appending(path: "Sources")
    let all =
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
      ?? []
    return all.map(\.path).filter { $0.hasSuffix(".swift") }.sorted()
  }

  /// Runs a program beside all clusters, where it finds what this process does.
  static func command(_ path: String, _ arguments: [String]) async throws -> Ended {
    let files = FileManager.default.temporaryDirectory.appending(path: "reeve-command-\(UUID().uuidString)")
      .path
    let environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": NSHomeDirectory(),
    ]
    return try await Program(
      path.hasPrefix("/") ? path : "/usr/bin/\(path)",
      arguments,
      environment: environment,
      files: files
    )
    .end(within: .seconds(400))
  }
}

extension TemporaryCluster {
  /// Starts an example, by what its folder has for that.
  fileprivate func begin(_ example: Example, role: String, id: String) throws -> Program {
    let directory = "\(directory)/framework-\(id)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let words = URL(filePath: try Built.reeve()).deletingLastPathComponent().appending(path: "reeve-words")
      .path
    return try program(
      Example.root.appending(path: "Examples/framework-\(example.rawValue)/run").path,
      example.arguments(role: role, id: id, directory: directory),
      environment: ["REEVE_WORDS": words]
    )
  }

  /// How many of a framework's tasks run or have ended well; none before it has subscribed.
  fileprivate func started(of id: String) async throws -> Int {
    let frameworks = try await reeve("frameworks", "-o", "name").stdout.split(separator: "\n")
    guard frameworks.contains(Substring(id)) else { return 0 }
    let job = try await job(id)
    return job.completed + job.running
  }
}
