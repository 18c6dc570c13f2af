import ReeveJobFile
import ReeveModel
import Testing

@Suite("Gzipped files") struct GzipTests {
  /// `printf '{"a": 1}' | gzip -n`
  private let zipped: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xab, 0x56, 0x4a, 0x54, 0xb2, 0x52, 0x30,
    0xac, 0x05, 0x00, 0x97, 0x8e, 0xa1, 0xfb, 0x08, 0x00, 0x00, 0x00,
  ]

  @Test func `a gzipped file is unpacked, any other is left alone`() throws {
    #expect(try unzipped(zipped) == Array(#"{"a": 1}"#.utf8))
    #expect(try unzipped([0x1f]) == [0x1f])
    #expect(try unzipped([]) == [])
  }

  @Test func `several members are one file`() throws {
    #expect(try unzipped(zipped + zipped) == Array(#"{"a": 1}{"a": 1}"#.utf8))
  }

  @Test func `a file that is cut off anywhere is refused`() {
    for end in 2..<zipped.count {
      #expect(throws: Refusal.self) { try unzipped(Array(zipped[..<end])) }
    }
  }

  @Test func `a damaged file is refused`() throws {
    for place in [2, 3, 10, zipped.count - 8] {
      var bytes = zipped
      bytes[place] ^= 0xff
      let refusal = try #require(throws: Refusal.self, "byte \(place)") { try unzipped(bytes) }
      #expect(refusal.code == .syntax)
    }
    #expect(throws: Refusal.self) { try unzipped(zipped + [1, 2, 3]) }
  }
}
