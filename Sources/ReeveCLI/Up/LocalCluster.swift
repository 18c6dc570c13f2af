import Glibc
import ReeveClient
import ReeveModel
import ReeveOutput
import ReeveShell

/// A cluster of processes on this machine.
struct LocalCluster: Sendable {
  let directory: DataDirectory
  let nodes: Int
  /// Where one process plays all nodes: how it is told to.
  let virtual: [String]?
  let racks: Int
  /// What each node offers.
  let share: Resources
  /// By node.
  let attributes: [[TaskTemplate.Variable]]
  /// Where the master is to listen; port 0 takes a free one.
  let address: Address
  /// Bytes by which the master's journal grows between two snapshots.
  let snapshotBytes: Int

  /// A master that dies so often before it listens is not waited for.
  private static let startsMax = 3

  /// Until a signal.
  func run() async throws -> Int32 {
    let token = try Token.readOrCreate(directory.token)
    // What the last master wrote there must not be taken for the new one's.
    unlink(directory.address)
    var lifeline: [Int32] = [-1, -1]
    guard pipe(&lifeline) == 0, lifeline.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
      throw Refusal(.unavailable, "No pipe can be made: \(String(cString: strerror(errno)))")
    }
    let roles = RoleSupervisor(logs: directory.logs, lifeline: lifeline[0])
    do {
      let master = try await startMaster(roles)
      startRest(roles, master)
      try await announce(ClusterAddress(addresses: [master], token: token), roles)
    } catch {
      roles.end()
      await roles.waitForEnd()
      throw error
    }
    await roles.waitForEnd()
    // The processes live as long as its other end is open.
    close(lifeline[1])
    return ExitStatus.done
  }

  private func startMaster(_ roles: RoleSupervisor) async throws -> Address {
    roles.add("master", masterArguments(address))
    while !roles.isEnding {
      if let text = readSmallFile(directory.address), let own = try? Address(parsing: text) {
        // It comes back where racks and nodes look for it.
        roles.setArguments(masterArguments(own), of: "master")
        return own
      }
      guard roles.deaths(of: "master") < Self.startsMax else {
        throw Refusal(
          .unavailable,
          "The master does not start. Its log ends with:\n\(directory.tail(ofLog: "master"))"
        )
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw Refusal(.unavailable, "Ended before the master was up.")
  }

  private func startRest(_ roles: RoleSupervisor, _ master: Address) {
    for rack in 0..<racks {
      roles.add("rack-\(rack)", role("rack", "rack-\(rack)", master))
    }
    let offer = [
      "--cpus", JSON.decimal(thousandths: share.cpuMillis), "--memory", "\(share.memory)B", "--disk",
      "\(share.disk)B",
    ]
    if let virtual {
      let spread = (0..<racks).flatMap { ["--rack", "rack-\($0)"] }
      return roles.add("nodes", role("agent", "node", master) + offer + spread + virtual)
    }
    for node in 0..<nodes {
      let own =
        [
          "--rack", "rack-\(node % racks)", "--data", directory.path, "--supervisor", Executable.supervisor,
        ] + attributes[node].flatMap { ["--attribute", "\($0.name)=\($0.value)"] }
      roles.add("node-\(node)", role("agent", "node-\(node)", master) + offer + own)
    }
  }

  private func masterArguments(_ address: Address) -> [String] {
    [
      "master", "--data", directory.path, "--address", "\(address)", "--snapshot-every", "\(snapshotBytes)B",
      "--exit-with-parent",
    ]
      + (address.isLoopback ? [] : ["--insecure"])
  }

  private func role(_ verb: String, _ name: String, _ master: Address) -> [String] {
    [
      verb, "--name", name, "--master", "\(master)", "--token-file", directory.token, "--address",
      "127.0.0.1:0", "--exit-with-parent",
    ]
  }

  /// Says that the cluster is there, once all its nodes are.
  private func announce(_ cluster: ClusterAddress, _ roles: RoleSupervisor) async throws {
    try await ReeveClient.with(cluster) { client in
      var looks = 0
      while !roles.isEnding {
        let up = (try? await client.nodes())?.filter { $0.status.state == .up } ?? []
        let own = up.filter { $0.status.name.hasPrefix("node-") }
        if own.count >= nodes { return tell(cluster) }
        looks += 1
        if looks % 500 == 0 { StandardError.write("reeve: \(own.count) of \(nodes) nodes are up\n") }
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  private func tell(_ cluster: ClusterAddress) {
    let all = share * nodes
    // The first line is a comment, for whoever lets a shell read the rest.
    let text = """
      # cluster of \(Amounts.count(nodes, "node")) in \(Amounts.count(racks, "rack")): \
      \(Amounts.cpus(all.cpuMillis)) cpus, \(Amounts.size(all.memory)) memory, \(Amounts.size(all.disk)) disk
      export REEVE_ADDRESS=\(cluster.addresses[0])
      export REEVE_TOKEN_FILE=\(shellWord(directory.token))

      """
    // Not through StandardOutput: that nobody reads it is no reason to end the cluster.
    _ = text.withCString { write(STDOUT_FILENO, $0, strlen($0)) }
  }

  private func shellWord(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      $0 >= 0x30 && $0 <= 0x39 || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a || "/._-+".utf8.contains($0)
    }
    return isPlain
      ? text
      : "'"
        + text.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }
}

/// The text of a file of one short line, without its end.
private func readSmallFile(_ path: String) -> String? {
  guard let bytes = try? readFile(path), !bytes.isEmpty else { return nil }
  return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
}
