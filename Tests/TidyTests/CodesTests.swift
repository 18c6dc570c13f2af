import ReeveModel
import Testing

@Suite("Codes that scripts read") struct CodesTests {
  private let form = /[a-z]+(-[a-z]+)*/

  @Test func `each reason of a failure has one of its own`() {
    let codes = FailureReason.allCases.filter { $0 != .none }.map(\.code)
    #expect(Set(codes).count == codes.count)
    #expect(codes.allSatisfy { $0.wholeMatch(of: form) != nil }, "\(codes)")
    #expect(FailureReason.none.code.isEmpty)
  }

  @Test func `each refusal has one of its own, and no two mean the same number on the wire`() {
    let codes = Refusal.Code.allCases.map(\.rawValue)
    #expect(Set(codes).count == codes.count)
    #expect(codes.allSatisfy { $0.wholeMatch(of: form) != nil }, "\(codes)")
    let numbers = FailureReason.allCases.map(\.rawValue)
    #expect(Set(numbers).count == numbers.count)
  }
}
