import ReeveModel
import Testing

@Suite("Quantities: amounts as people write them") struct QuantityTests {
  @Test(
    arguments: [
      ("0B", 0), ("7B", 7), ("1KiB", 1_024), ("1K", 1_024), ("1Ki", 1_024), ("1KB", 1_000),
      ("512MiB", 512 << 20),
      ("512mib", 512 << 20), ("1.5GiB", 3 << 29), ("1.5 GiB", 3 << 29), ("2G", 2 << 30),
      ("100MB", 100_000_000),
      ("1e3B", 1_000), (".5K", 512), ("1EiB", 1 << 60), ("1024PiB", 1 << 60), ("+2k", 2_048),
    ] as [(String, Int64)]
  )
  func `a size is read with its unit`(text: String, bytes: Int64) throws {
    #expect(try Quantity.bytes(text, field: "memory") == bytes)
  }

  @Test func `what is no whole number of bytes is rounded up`() throws {
    #expect(try Quantity.bytes("0.3KiB", field: "memory") == 308)
    #expect(try Quantity.bytes("1.00000000000000000000000001B", field: "memory") == 2)
    #expect(try Quantity.bytes(number: "1e-300", field: "memory") == 1)
  }

  @Test(
    arguments: [
      ("1048576", 1_048_576), ("1e9", 1_000_000_000), ("1.5e3", 1_500), ("0", 0),
      ("1152921504606846975", (1 << 60) - 1),
    ] as [(String, Int64)]
  )
  func `a number without quotes counts bytes, exactly`(text: String, bytes: Int64) throws {
    #expect(try Quantity.bytes(number: text, field: "memory") == bytes)
  }

  @Test(
    arguments: [
      (
        "512",
        #""512" has no unit. Write "512MiB" or "512B"; only a number without quotes in a file counts bytes."#
      ),
      ("lots", #""lots" is no size. Write a size such as "512MiB", "1.5GiB" or "100MB"."#),
      ("", #""" is no size. Write a size such as "512MiB", "1.5GiB" or "100MB"."#),
      ("NaN", #""NaN" is no size. Write a size such as "512MiB", "1.5GiB" or "100MB"."#),
      ("12XB", #""12XB" is no size. Write a size such as "512MiB", "1.5GiB" or "100MB"."#),
      ("1GiBs", #""1GiBs" is no size. Write a size such as "512MiB", "1.5GiB" or "100MB"."#),
      ("-1GiB", #""-1GiB" is negative. Write a size such as "512MiB", "1.5GiB" or "100MB"."#),
      ("1025PiB", #""1025PiB" is more than 1EiB. Write a size such as "512MiB", "1.5GiB" or "100MB"."#),
      (
        "1e99999999999B",
        #""1e99999999999B" is more than 1EiB. Write a size such as "512MiB", "1.5GiB" or "100MB"."#
      ),
    ] as [(String, String)]
  )
  func `a size that is none says what would be right`(text: String, message: String) {
    #expect(throws: Refusal(.invalid, field: "memory", message)) {
      try Quantity.bytes(text, field: "memory")
    }
  }

  @Test(
    arguments: [
      ("2", 2_000), ("0.5", 500), ("500m", 500), ("0", 0), ("1e3", 1_000_000), ("0.0001", 1),
      ("1e6", 1_000_000_000),
    ] as [(String, Int64)]
  )
  func `cores are read in thousandths`(text: String, millis: Int64) throws {
    #expect(try Quantity.cpuMillis(text, field: "cpus") == millis)
  }

  @Test(
    arguments: [
      ("many", #""many" is no number of cores."#), ("2 cores", #""2 cores" is no number of cores."#),
      ("-1", #""-1" is negative."#), ("1000001", #""1000001" is more than a million cores."#),
      ("inf", #""inf" is no number of cores."#), ("1e400", #""1e400" is more than a million cores."#),
    ] as [(String, String)]
  )
  func `cores that are none say what would be right`(text: String, message: String) {
    let right = #" Write a number of cores such as 2 or 0.5, or thousandths such as "500m"."#
    #expect(throws: Refusal(.invalid, field: "cpus", message + right)) {
      try Quantity.cpuMillis(text, field: "cpus")
    }
  }

  @Test(
    arguments: [
      ("90s", 90_000), ("10m", 600_000), ("1h30m", 5_400_000), ("1.5h", 5_400_000), ("250ms", 250),
      ("2d", 172_800_000),
      ("1:00:00", 3_600_000), ("0:00:01.5", 1_500), ("100:00:00", 360_000_000), ("2-12:00:00", 216_000_000),
      ("0s", 0),
      ("1h 5s", 3_605_000), ("5min", 300_000), ("1e1s", 10_000),
    ] as [(String, Int64)]
  )
  func `a time is read with its units or by the clock`(text: String, milliseconds: Int64) throws {
    #expect(try Quantity.duration(text, field: "time") == .milliseconds(milliseconds))
  }

  @Test func `a number without quotes counts seconds`() throws {
    #expect(try Quantity.duration(number: "0.25", field: "time") == .milliseconds(250))
    #expect(try Quantity.duration(number: "0.0000001", field: "time") == .microseconds(1))
  }

  @Test(
    arguments: [
      (
        "90",
        #""90" has no unit. Write "90s" or "90m"; only a number without quotes in a file counts seconds."#
      ),
      ("1:30", #""1:30" could mean hours or minutes. Write "1:30:00" or "0:1:30"."#),
      ("30m1h", #""30m1h" is no length of time. Write a time such as "90s", "10m", "1h30m" or "1:00:00"."#),
      ("1m1m", #""1m1m" is no length of time. Write a time such as "90s", "10m", "1h30m" or "1:00:00"."#),
      ("1h30", #""1h30" is no length of time. Write a time such as "90s", "10m", "1h30m" or "1:00:00"."#),
      (
        "1:60:00",
        #""1:60:00" is no length of time. Write a time such as "90s", "10m", "1h30m" or "1:00:00"."#
      ),
      (
        "1:00:-1",
        #""1:00:-1" is no length of time. Write a time such as "90s", "10m", "1h30m" or "1:00:00"."#
      ),
      ("1::00", #""1::00" is no length of time. Write a time such as "90s", "10m", "1h30m" or "1:00:00"."#),
      ("", #""" is no length of time. Write a time such as "90s", "10m", "1h30m" or "1:00:00"."#),
      ("-5s", #""-5s" is negative. Write a time such as "90s", "10m", "1h30m" or "1:00:00"."#),
      ("3651d", #""3651d" is more than ten years. Write a time such as "90s", "10m", "1h30m" or "1:00:00"."#),
      ("1e30s", #""1e30s" is more than ten years. Write a time such as "90s", "10m", "1h30m" or "1:00:00"."#),
    ] as [(String, String)]
  )
  func `a time that is none says what would be right`(text: String, message: String) {
    #expect(throws: Refusal(.invalid, field: "time", message)) { try Quantity.duration(text, field: "time") }
  }

  @Test(
    arguments: [
      (0, "0B"), (1_023, "1023B"), (1_024, "1KiB"), (1_536, "1.5KiB"), (3 << 29, "1.5GiB"), (1 << 60, "1EiB"),
      (1_280, "1.25KiB"), (1_025, "1025B"), (-1_024, "-1KiB"), ((1 << 40) + 1, "1099511627777B"),
    ] as [(Int64, String)]
  )
  func `a size is printed in the largest unit that shows it exactly`(bytes: Int64, text: String) {
    #expect(Quantity.text(bytes: bytes) == text)
  }

  @Test(
    arguments: [
      (0, "0s"), (999, "999us"), (1_500, "1.5ms"), (250_000, "250ms"), (90_500_000, "1m30.5s"),
      (5_400_000_000, "1h30m"),
      (172_800_000_000, "2d"), (-1_000_000, "-1s"), (1_000_001, "1.000001s"),
    ] as [(Int64, String)]
  )
  func `a time is printed from large to small`(microseconds: Int64, text: String) {
    #expect(Quantity.text(.microseconds(microseconds)) == text)
  }

  @Test func `what is printed reads back as it was`() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      let bytes =
        Int64.random(in: 0...Limits.bytes, using: &random) >> Int64.random(in: 0...59, using: &random)
      #expect(try Quantity.bytes(Quantity.text(bytes: bytes), field: "") == bytes)
      let span = TimeSpan(microseconds: bytes % Limits.timeLimit.microseconds)
      #expect(try Quantity.duration(Quantity.text(span), field: "") == span)
      let millis = bytes % Limits.cpuMillis
      #expect(try Quantity.cpuMillis(Quantity.text(cpuMillis: millis), field: "") == millis)
    }
  }

  @Test(
    arguments: [
      ("5", 5), ("5.0", 5), ("50e-1", 5), ("-3", -3), ("1e3", 1_000), ("9223372036854775807", .max),
      ("0e999", 0),
      ("1.5", nil), ("9223372036854775808", nil), ("1e19", nil), ("1e-1", nil), ("", nil), ("x", nil),
      ("1 ", nil),
    ] as [(String, Int64?)]
  )
  func `a whole number is one however it is written`(text: String, value: Int64?) {
    #expect(ExactDecimal(text)?.integer == value)
  }
}
