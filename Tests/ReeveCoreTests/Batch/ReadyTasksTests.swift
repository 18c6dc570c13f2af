import ReeveCore
import ReeveModel
import Testing

@Suite("Ready tasks") struct ReadyTasksTests {
  /// The same as plainly as can be: a list that is sorted after each arrival.
  struct Model {
    var entries: [ReadyTasks.Entry] = []
    mutating func push(_ entry: ReadyTasks.Entry) {
      entries.append(entry)
      entries.sort()
    }
    mutating func pop() -> ReadyTasks.Entry? { entries.isEmpty ? nil : entries.removeFirst() }
  }

  @Test(arguments: 1...50 as ClosedRange<UInt64>)
  func `come out in policy order, whatever the order of their arrival`(seed: UInt64) {
    var state = seed
    func draw(_ n: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % n
    }
    var ready = ReadyTasks()
    var model = Model()
    var last: UInt64 = 0
    for _ in 0..<400 {
      if draw(5) < 3 {
        last += 1
        // Mostly in order, as tasks arrive; some earlier ones come back.
        let rank = draw(4) == 0 ? draw(last + 1) : last
        let entry = ReadyTasks.Entry(rank: rank, task: TaskNumber(last))
        ready.push(entry)
        model.push(entry)
      } else {
        #expect(ready.pop() == model.pop())
      }
      #expect(ready.front == model.entries.first)
      #expect(ready.count == model.entries.count)
      #expect(ready.isEmpty == model.entries.isEmpty)
    }
    while let entry = model.pop() { #expect(ready.pop() == entry) }
    #expect(ready.pop() == nil)
  }
}
