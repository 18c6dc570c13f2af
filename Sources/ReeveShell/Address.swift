package import ReeveModel

/// Where a role listens, as `host:port`; the host is an IPv4 or IPv6 address or `localhost`.
package struct Address: Hashable, Sendable, CustomStringConvertible {
  package var host: String
  package var port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  package init(parsing text: String) throws(Refusal) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65535).contains(port), colon != text.startIndex
    else {
      throw Refusal(.invalid, field: "address", "\(text.quoted) is not HOST:PORT, such as 127.0.0.1:7070.")
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    self.init(host: host == "localhost" ? "127.0.0.1" : host, port: port)
  }

  package var isIPv6: Bool { host.contains(":") }
  /// Whether only processes of this machine reach it.
  package var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

  package var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
