import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Model: a job id that stands for another job") struct ReservedJobIDTests {
  @Test func `last is refused, for it names the newest job`() {
    let refusal = #expect(throws: Refusal.self) { try JobID("last").validate() }
    #expect(refusal?.code == .invalid)
    #expect(refusal?.field == "id")
    #expect(refusal?.message.contains("newest") == true)
  }

  @Test(arguments: ["lasting", "at-last", "Last"]) func `names like it are not`(name: String) throws {
    try JobID(name).validate()
  }
}
