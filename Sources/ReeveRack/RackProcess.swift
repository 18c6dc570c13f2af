import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import ReeveModel
import ReeveShell

/// Runs a rack-scheduler process until SIGTERM.
@concurrent package func runRack(_ options: RackOptions) async throws {
  try checkBindAddress(options.address, insecure: options.insecure)
  raiseFileLimit()
  let log = Logger(label: (["reeve.rack"] + options.names).joined(separator: "."))
  let process = RackProcess(log: log)
  let listener = makeListener(
    at: options.address,
    services: [NodeSessionService(process: process)],
    check: TokenCheck(options.token, log: log)
  )
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await listener.serve() }
    group.addTask { await waitForTermination() }
    group.addTask {
      guard let port = try await listeningPort(of: listener) else { return }
      let own = options.advertised ?? Address(host: options.address.host, port: port)
      await process.serve(options, reachedAt: own)
    }
    defer { group.cancelAll() }
    try await group.next()
    leaveSoon()
    listener.beginGracefulShutdown()
  }
}

/// What the racks of one process share. Each has a core and a stream to the master of its own.
final class RackProcess: Sendable {
  let log: Logger
  /// Whose racks these are, once a master has said so.
  let cluster = Heard<ClusterID>()
  let sessions = Counter()
  let racks = ServedRacks()

  init(log: Logger) { self.log = log }

  /// Serves its own racks, and those that the master gives it: one stream always waits for the next.
  @concurrent func serve(_ options: RackOptions, reachedAt own: Address) async {
    let (adoptions, adopted) = AsyncStream.makeStream(of: Void.self)
    await withDiscardingTaskGroup { group in
      for name in options.names {
        group.addTask { await MasterLink(.own(name), of: self, options, reachedAt: own).keep() }
      }
      adopted.yield()
      for await _ in adoptions {
        group.addTask {
          await MasterLink(.spare { adopted.yield() }, of: self, options, reachedAt: own).keep()
        }
      }
    }
  }
}
