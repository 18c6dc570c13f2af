import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

typealias RackStory = Story<RackCore>

extension Story where Subject == RackCore {
  /// A rack with a master (session 1, generation 1) and these nodes, each of 8 cores, on the session of its own number;
  /// everything stated at 0.
  static func rack(
    _ nodes: [NodeNumber],
    _ total: Resources = .cores(8),
    _ settings: RackSettings = .prompt
  ) -> RackStory {
    var story = RackStory(RackCore(settings))
    let events = nodes.map { RackEvent.nodeConnected(SessionNumber(UInt64($0.rawValue)), .node($0, total)) }
    story.turn(.ms(0), [.masterConnected(1, .rack(1, nodes: nodes))] + events)
    return story
  }

  /// What the nodes were told to start in the last turn: by node, in order.
  var launched: [NodeNumber: [AttemptID]] {
    orders.mapValues { $0.launches.launches.map(\.attempt) }.filter { !$0.value.isEmpty }
  }

  var orders: [NodeNumber: NodeOrders] {
    effects.reduce(into: [:]) { found, effect in
      guard case .order(_, let node, let orders) = effect else { return }
      #expect(found[node] == nil, "one message a node and turn")
      found[node] = orders
    }
  }

  /// What the master was told in the last turn; empty if nothing.
  var report: RackReport {
    effects.lazy.compactMap { if case .report(_, let report) = $0 { report } else { nil } }.first
      ?? RackReport()
  }

  /// The statement of the last turn, if it was made.
  var statement: RackReport? {
    effects.lazy.compactMap { if case .state(_, let report) = $0 { report } else { nil } }.first
  }
}

/// One core each: the template that most stories launch.
let oneCore = TaskTemplate.needing(.cores(1)).numbered(1)
let fourCores = TaskTemplate.needing(.cores(4)).numbered(4)

extension RackSettings {
  /// Nothing gathers: a story sees at once what each event leads to.
  static let prompt = RackSettings(gatherInterval: .zero, acknowledgeWithin: .zero)
}
