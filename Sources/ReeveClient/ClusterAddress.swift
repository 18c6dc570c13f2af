import Glibc
package import ReeveModel
package import ReeveShell

/// Where a cluster's masters are, and its secret.
package struct ClusterAddress: Sendable {
  /// Tried in turn; never empty.
  package var addresses: [Address]
  package var token: Token

  package init(addresses: [Address], token: Token) {
    precondition(!addresses.isEmpty, "a cluster without an address")
    self.addresses = addresses
    self.token = token
  }

  /// The cluster that `REEVE_ADDRESS` and `REEVE_TOKEN_FILE` name; what they leave open is read from the files `address`
  /// and `token` of this user's data directory.
  ///
  /// - Throws: `unavailable` where there is no cluster to be found, `denied` where its token cannot be read.
  package static func find(
    environment: (String) -> String? = ClusterAddress.variable
  ) throws(Refusal) -> ClusterAddress {
    let data = dataDirectory(environment: environment)
    let addresses: [Address]
    if let named = environment("REEVE_ADDRESS") {
      addresses = try parse(named, field: "REEVE_ADDRESS")
    } else {
      addresses = try readAddress("\(data)/address")
    }
    let token = try Token.read(environment("REEVE_TOKEN_FILE") ?? "\(data)/token")
    return ClusterAddress(addresses: addresses, token: token)
  }

  /// `$REEVE_DATA`, else `reeve` where the user's programs keep their state.
  package static func dataDirectory(environment: (String) -> String? = ClusterAddress.variable) -> String {
    if let data = environment("REEVE_DATA") { return data }
    if let state = environment("XDG_STATE_HOME") { return "\(state)/reeve" }
    return "\(environment("HOME") ?? "")/.local/state/reeve"
  }

  /// A variable of this process; an empty one counts as unset.
  package static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// Addresses parted by commas.
  package static func parse(_ text: String, field: String) throws(Refusal) -> [Address] {
    var addresses: [Address] = []
    for part in text.split(separator: ",") {
      let trimmed = part.drop { $0 == " " }
      do {
        addresses.append(try Address(parsing: String(trimmed)))
      } catch {
        throw Refusal(error.code, field: field, error.message)
      }
    }
    guard !addresses.isEmpty else {
      throw Refusal(.invalid, field: field, "No address in it: write HOST:PORT, or several with commas.")
    }
    return addresses
  }

  private static func readAddress(_ path: String) throws(Refusal) -> [Address] {
    guard let file = fopen(path, "re") else {
      throw Refusal(
        .unavailable,
        "No cluster was found: REEVE_ADDRESS is not set, and there is no \"\(path)\". "
          + "Start one with `reeve up`, or set REEVE_ADDRESS and REEVE_TOKEN_FILE."
      )
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = fread(&bytes, 1, bytes.count, file)
    let text = String(decoding: bytes[..<count].filter { $0 > 0x20 }, as: UTF8.self)
    return try parse(text, field: path)
  }
}
