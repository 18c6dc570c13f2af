import GRPCCore
import ReeveModel
import ReeveShell
import Synchronization

/// Connections to agents, for the files of their tasks: made at the first use and kept.
final class NodeChannels: Sendable {
  private let token: Token
  private let channels = Mutex<[Address: Channel]>([:])

  init(token: Token) { self.token = token }

  func channel(to address: Address) throws -> Channel {
    try channels.withLock { channels in
      if let known = channels[address] { return known }
      let made = try makeChannel(to: address, token: token)
      Task {
        // Ends only with the channel: from then on the next use makes another.
        try? await made.runConnections()
        forget(address)
      }
      channels[address] = made
      return made
    }
  }

  private func forget(_ address: Address) { channels.withLock { $0[address] = nil } }
}
