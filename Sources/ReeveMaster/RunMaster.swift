import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import ReeveModel
import ReeveReplication
import ReeveShell

/// Runs a master until SIGTERM: replays the journal, listens, and writes where it listens into the data directory.
@concurrent package func runMaster(_ options: MasterOptions) async throws {
  try checkBindAddress(options.address, insecure: options.insecure)
  let log = Logger(label: "reeve.master")
  let directory = options.data + "/master"
  try FileManager.default.createDirectory(
    atPath: directory,
    withIntermediateDirectories: true,
    attributes: [.posixPermissions: 0o700]
  )
  let token = try Token.readOrCreate(options.data + "/token")
  let cluster = try readOrCreateClusterID(directory + "/cluster")
  let shell = MasterShell(cluster: cluster, token: token, clock: BootClock(), log: log)
  let writer = try startCore(of: shell, directory: directory, log: log)
  let listener = makeListener(
    at: options.address,
    services: [
      RackSessionService(shell: shell), DirectoryService(shell: shell), SchedulerService(shell: shell),
    ],
    check: TokenCheck(token, log: log)
  )
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await listener.serve() }
    group.addTask { await waitForTermination() }
    guard let port = try await listeningPort(of: listener) else { return }
    let own = Address(host: options.address.host, port: port)
    try writeWhole("\(own)\n", to: options.data + "/address")
    log.info("listening", metadata: ["address": "\(own)"])
    defer { group.cancelAll() }
    try await group.next()
    shell.stop()
    writer.close()
    leaveSoon()
    listener.beginGracefulShutdown()
  }
}

/// Opens the journal and hands it to the shell.
private func startCore(of shell: MasterShell, directory: String, log: Logger) throws -> JournalWriter {
  let journal = try FileJournal(directory: directory, cluster: shell.cluster.value) {
    log.warning("journal", metadata: ["warning": "\($0)"])
  }
  return try shell.start(journal)
}

/// The cluster's random id, made at the first start.
private func readOrCreateClusterID(_ path: String) throws -> ClusterID {
  if let text = try? String(contentsOfFile: path, encoding: .utf8) {
    guard let value = UInt128(text.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16) else {
      throw Refusal(
        .invalid,
        field: "cluster",
        "\"\(path)\" holds no cluster id: 32 hexadecimal digits. Put back the file that belongs to this journal."
      )
    }
    return ClusterID(value: value)
  }
  let id = ClusterID(value: UInt128.random(in: 1 ... .max))
  try writeWhole("\(id)\n", to: path)
  return id
}
