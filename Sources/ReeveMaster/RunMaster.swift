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
  raiseFileLimit()
  let log = Logger(label: "reeve.master")
  let files = try MasterFiles(data: options.data) {
    log.warning("files", metadata: ["warning": "\($0)"])
  }
  let token = try Token.readOrCreate(options.data + "/token")
  let shell = MasterShell(
    cluster: files.cluster,
    token: token,
    room: files.journal.room,
    history: files.history,
    clock: BootClock(),
    log: log
  )
  let compactor = Compactor(files.compaction, after: files.restored, minimum: options.snapshotBytes, log: log)
  let writer = try shell.start(files, compactor)
  let listener = makeListener(
    at: options.address,
    services: [
      RackSessionService(shell: shell), DirectoryService(shell: shell), SchedulerService(shell: shell),
      FrameworkSessionService(shell: shell),
    ],
    check: TokenCheck(token, log: log)
  )
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await listener.serve() }
    group.addTask { await waitForTermination() }
    guard let port = try await listeningPort(of: listener) else { return }
    let own = Address(host: options.address.host, port: port)
    publish(own, in: options.data) { log.warning("address", metadata: ["warning": "\($0)"]) }
    log.info("listening", metadata: ["address": "\(own)"])
    defer { group.cancelAll() }
    try await group.next()
    shell.stop()
    writer.close()
    leaveSoon()
    listener.beginGracefulShutdown()
  }
}
