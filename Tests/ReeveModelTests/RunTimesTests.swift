import ReeveModel
import Testing

@Suite("Run times of virtual tasks") struct RunTimesTests {
  @Test(
    arguments: [
      ("0s", RunTimes.always(.zero)), ("100ms", .always(.milliseconds(100))),
      ("1m30s", .always(.seconds(90))), ("uniform:1s-5s", .uniform(.seconds(1) ... .seconds(5))),
      ("uniform:0s-0s", .uniform(.zero ... .zero)), ("exponential:2s", .exponential(mean: .seconds(2))),
    ]
  )
  func `are written as a time or a distribution`(text: String, wanted: RunTimes) throws {
    #expect(try RunTimes(parsing: text, field: "run-time") == wanted)
  }

  @Test(
    arguments: [
      "", "2", "-1s", "fast", "uniform", "uniform:", "uniform:1s", "uniform:1s-2s-3s", "uniform:1s-",
      "exponential",
      "exponential:", "exponential:2", "normal:1s", "1s-5s", "Exponential:2s",
    ]
  )
  func `are refused with what would be right`(text: String) {
    #expect(throws: Refusal.self) { try RunTimes(parsing: text, field: "run-time") }
  }

  @Test func `a range the wrong way round is shown the right way`() {
    let refusal = #expect(throws: Refusal.self) { try RunTimes(parsing: "uniform:5s-1s", field: "run-time") }
    #expect(refusal?.message.contains("\"uniform:1s-5s\"") == true)
  }

  @Test func `an exponential one has its mean, and a part of e^-x above x times that`() {
    var chance = SeededRandom(7)
    let drawn = (0..<100_000).map { _ in RunTimes.exponential(mean: .seconds(2)).draw(&chance).seconds }
    #expect(abs(drawn.reduce(0, +) / 100_000 - 2) < 0.03)
    for (x, part) in [(0.5, 0.6065), (1, 0.3679), (2, 0.1353), (4, 0.0183)] {
      #expect(abs(Double(drawn.count { $0 > 2 * x }) / 100_000 - part) < 0.006)
    }
  }

  @Test func `a uniform one stays in its range and reaches both halves alike`() {
    var chance = SeededRandom(7)
    let range = TimeSpan.seconds(1) ... .seconds(5)
    let drawn = (0..<10_000).map { _ in RunTimes.uniform(range).draw(&chance) }
    #expect(drawn.allSatisfy(range.contains))
    #expect(abs(drawn.count { $0 < .seconds(3) } - 5_000) < 200)
  }
}
