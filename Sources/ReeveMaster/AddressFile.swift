import Foundation
import ReeveModel
package import ReeveShell

/// Writes where the master of a data directory listens into `DATA/address`, where clients on this machine look for it.
///
/// A master that cannot (on a full disk, say) serves all the same: `warn` gets a sentence for people.
package func publish(_ address: Address, in data: String, warn: (String) -> Void) {
  let path = data + "/address"
  let text = "\(address)\n"
  // After most restarts it is there: not a byte is written then.
  guard FileManager.default.contents(atPath: path) != Data(text.utf8) else { return }
  do {
    try writeWhole(text, to: path)
  } catch {
    warn(
      "\(error.message) Clients that are told the directory \(data) do not find this master by themselves: give them "
        + "REEVE_ADDRESS=\(address). All else goes on."
    )
  }
}
