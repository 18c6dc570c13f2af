import ReeveCore
import ReeveModel

// Frameworks in a history: they come, want, answer, acknowledge, kill, go, and are shared between by roles.
extension RandomHistory {
  private static let frameworks = 3

  mutating func share() {
    let framework = Int.random(in: 0..<Self.frameworks, using: &dice)
    let id = "fw-\(framework)"
    guard let session = sessions[id] else { return subscribe(id) }
    switch Int.random(in: 0..<21, using: &dice) {
    case 0..<8: want(on: session, as: id)
    case 8..<12: say(.acknowledge(story.updates(on: session).map(\.id)), on: session)
    case 12: say(.reconcile([]), on: session)
    case 13: say(.kill(["t-\(dice.next() % 20)"]), on: session)
    case 14:
      sessions[id] = nil
      story.turn(.frameworkDisconnected(session))
    case 15: subscribe(id)
    case 16 where dice.one(in: 5):
      sessions[id] = nil
      say(.tearDown, on: session)
    case 17: setRole()
    case 18: story.order(.retry(alsoCancelled: true), id)
    case 19: say(.message("t\(accepts)-0", [1]), on: session)
    default: story.order(dice.one(in: 2) ? .hold : .release, id)
    }
  }

  private mutating func subscribe(_ id: String) {
    // A stream is opened once; what is torn down is refused, again and again.
    streams += 1
    let session = SessionNumber(1_000 + streams)
    let failover = TimeSpan.milliseconds(Int64.random(in: 0...500, using: &dice))
    story.subscribe(id, on: session, role: "role-\(dice.next() % 2)", failover: failover)
    let isRefused = story.told.contains { if case .refuseFramework(session, _) = $0 { true } else { false } }
    sessions[id] = isRefused ? nil : session
  }

  private mutating func say(_ request: FrameworkRequest, on session: SessionNumber) {
    story.say(request, on: session)
  }

  private mutating func want(on session: SessionNumber, as id: String) {
    let cores = Int.random(in: 1...3, using: &dice)
    let demand = ShapeDemand(
      key: 1,
      resources: .cores(cores),
      constraints: dice.one(in: 4) ? ["zone!=x"] : [],
      count: Int.random(in: 1...20, using: &dice)
    )
    say(.demand([demand]), on: session)
    story.offer(
      .cores(Int.random(in: 0...16, using: &dice), memory: 64),
      on: SessionNumber(dice.next() % 3 + 1)
    )
    for offer in story.offered(on: session) {
      guard dice.one(in: 3) else {
        accepts += 1
        story.accept([offer.id], offer.count, of: id, cores: cores, named: "t\(accepts)", on: session)
        continue
      }
      if dice.one(in: 2) { say(.decline([offer.id]), on: session) }
    }
  }

  private mutating func setRole() {
    let name = "role-\(dice.next() % 2)"
    let limit = Resources(cpuMillis: Int64.random(in: 0...20, using: &dice) * 1_000, memory: .max, disk: .max)
    let orders: [UserOrder] = [
      .role(RoleChange(name: name, weight: Double.random(in: 0.5...4, using: &dice))),
      .role(RoleChange(name: name, limit: .amounts(limit))),
      .role(RoleChange(name: name, limit: RoleChange.Quota.none)),
      .forgetRole(name),
    ]
    story.order(orders[Int.random(in: 0..<orders.count, using: &dice)])
  }
}
