import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master core: messages to tasks") struct TaskMessageTests {
  var master = MasterStory()
  let one = SessionNumber(11)
  let two = SessionNumber(12)

  /// Framework "f" has tasks a-0, which runs, and a-1, which does not yet.
  init() {
    master.connect()
    let node = master.place("n1")
    master.subscribe("f", on: one)
    master.demand(2, of: .cores(1), on: one)
    master.offer(.cores(8))
    let offers = master.offered(on: one).map(\.id)
    master.accept(offers, 2, of: "f", on: one)
    let launch = master.launches[0]
    master.report { $0.started = [TaskStart(attempt: launch.attempt, task: 1, node: node, started: .ms(1))] }
  }

  private var sent: [TaskMessage] {
    master.orders.flatMap { effect -> [TaskMessage] in
      if case .order(_, let orders) = effect { return orders.messages.all }
      return []
    }
  }

  @Test mutating func `they go to the rack of what runs, and are in no journal`() {
    master.say(.message("a-0", [1, 2]), on: one)
    #expect(master.reply == .success(1))
    #expect(sent == [TaskMessage(to: master.launches[0].attempt, [1, 2])])
    #expect(master.newFacts == [])
  }

  @Test mutating func `what does not run, or is not there, or is another's is named`() {
    master.say(.message("a-1", [1]), on: one)
    #expect(master.refusal?.code == .conflict)
    #expect(master.refusal?.field == "task")
    master.say(.message("a-7", [1]), on: one)
    #expect(master.refusal?.code == .notFound)
    master.subscribe("g", on: two)
    master.say(.message("a-0", [1]), on: two)
    #expect(master.refusal?.code == .notFound)
    #expect(sent == [])
  }

  @Test mutating func `a rack that is away is told of`() {
    master.turn(.rackDisconnected(1))
    master.say(.message("a-0", [1]), on: one)
    #expect(master.refusal?.code == .unavailable)
  }

  @Test mutating func `so much goes at one time, and what is more is refused`() {
    let line = [UInt8](repeating: 7, count: TaskMessage.lengthMax)
    master.turn((0..<20).map { _ in .frameworkSaid(one, master.request(), .message("a-0", line)) })
    let refused = master.told.filter { if case .replied(_, .failure) = $0 { true } else { false } }
    #expect(sent.count + refused.count == 20)
    #expect(sent.count == TaskMessages.bytesMax / (TaskMessage.lengthMax + 16))
    master.say(.message("a-0", line), on: one)
    #expect(master.reply == .success(1))
  }

  @Test func `a line is short, and has no newline in it`() throws {
    try TaskMessage.validate([UInt8](repeating: 0, count: TaskMessage.lengthMax))
    let long = #expect(throws: Refusal.self) {
      try TaskMessage.validate([UInt8](repeating: 0, count: TaskMessage.lengthMax + 1))
    }
    #expect(long?.code == .tooLarge && long?.field == "data")
    let two = #expect(throws: Refusal.self) { try TaskMessage.validate(Array("a\nb".utf8)) }
    #expect(two?.message.contains("byte 1 ") == true)
  }
}
