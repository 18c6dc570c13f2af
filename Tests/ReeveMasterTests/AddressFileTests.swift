import Foundation
import ReeveMaster
import ReeveShell
import ReeveTestSupport
import Testing

@Suite("Master: the file that tells its address") struct AddressFileTests {
  private let data = FileManager.default.temporaryDirectory.path + "/reeve-address-" + UUID().uuidString
  private let address = Address(host: "127.0.0.1", port: 7070)

  private func published(_ address: Address) throws -> [String] {
    var warnings: [String] = []
    publish(address, in: data) { warnings.append($0) }
    return warnings
  }

  @Test func `it is written, again where it says another, and otherwise not touched`() throws {
    let files = FileManager.default
    try files.createDirectory(atPath: data, withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: data) }
    for port in [7070, 7071, 7070] {
      #expect(try published(Address(host: "127.0.0.1", port: port)).isEmpty)
      #expect(try String(contentsOfFile: data + "/address", encoding: .utf8) == "127.0.0.1:\(port)\n")
    }
    // Whoever writes it has to begin with this file.
    try files.createDirectory(atPath: data + "/address.new", withIntermediateDirectories: false)
    #expect(try published(address).isEmpty)
  }

  @Test func `where it cannot be written, that is said, with what to do instead`() throws {
    let warnings = try published(address)
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("\"\(data)/address\" cannot be written") == true)
    #expect(warnings.first?.contains("give them REEVE_ADDRESS=127.0.0.1:7070") == true)
  }
}
