import ReeveModel
import Testing

@Suite("Name index") struct NameIndexTests {
  @Test func `names are found by their bytes, others are not`() {
    let names = PackedStrings((0..<5_000).map { "task-\($0)" })
    var index = NameIndex(capacity: names.count)
    for i in 0..<names.count { #expect(index.insert(i, of: names) == nil) }
    for i in stride(from: 0, to: 5_000, by: 7) {
      let text = Array("x task-\(i)".utf8)
      #expect(index.find(text, 2..<text.count, in: names) == i)
    }
    let other = Array("task-5000".utf8)
    #expect(index.find(other, other.indices, in: names) == nil)
  }

  @Test func `a second one of the same bytes gives the place of the first`() {
    let names = PackedStrings(["a", "b", "a", "", ""])
    var index = NameIndex(capacity: 5)
    #expect((0..<5).map { index.insert($0, of: names) } == [nil, nil, 0, nil, 3])
  }
}
