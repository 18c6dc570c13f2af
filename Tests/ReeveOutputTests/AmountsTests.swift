import ReeveModel
import ReeveOutput
import Testing

@Suite("Amounts for people") struct AmountsTests {
  @Test(
    arguments: [
      (0, "0"), (1, "1B"), (1_023, "1023B"), (1_024, "1KiB"), (1_536, "1.5KiB"), (64 << 20, "64MiB"),
      (1_023 << 10, "1023KiB"), ((1 << 20) - 1, "1MiB"), (-(3 << 30), "-3GiB"), (Int64.max, "8EiB"),
    ] as [(Int64, String)]
  )
  func `sizes have three digits or so`(bytes: Int64, text: String) {
    #expect(Amounts.size(bytes) == text)
  }

  @Test(
    arguments: [
      (0, "0ms"), (999, "999ms"), (1_000, "1s"), (4_249, "4.2s"), (59_949, "59.9s"), (59_950, "1m00s"),
      (725_000, "12m05s"), (3_600_000, "1h00m"), (86_400_000 * 2 + 3_600_000 * 4, "2d04h"),
    ] as [(Int64, String)]
  )
  func `spans have their two largest units`(millis: Int64, text: String) {
    #expect(Amounts.span(.milliseconds(millis)) == text)
  }

  @Test func `counts are grouped by thousands`() {
    #expect(Amounts.count(0) == "0")
    #expect(Amounts.count(999) == "999")
    #expect(Amounts.count(-1_234_567) == "-1,234,567")
    #expect(Amounts.count(1, "task") == "1 task")
    #expect(Amounts.count(2_000, "task") == "2,000 tasks")
  }

  @Test(
    arguments: [
      (1, "1970-01-01T00:00:00.000Z"), (951_782_399_999_999, "2000-02-28T23:59:59.999Z"),
      (951_782_400_000_000, "2000-02-29T00:00:00.000Z"), (1_772_357_400_250_000, "2026-03-01T09:30:00.250Z"),
      (4_107_542_400_000_000, "2100-03-01T00:00:00.000Z"),
    ] as [(Int64, String)]
  )
  func `timestamps are RFC 3339 in UTC with milliseconds`(micros: Int64, text: String) {
    #expect(Timestamp.text(WallTime(microseconds: micros)) == text)
  }
}
