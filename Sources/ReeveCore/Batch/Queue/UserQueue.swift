import ReeveModel

/// Ready tasks of which nothing but their ranks says who goes first: those of one user where users have shares, else all.
///
/// They wait in lanes of what is alike, so that the first of a lane stands for all of it: if that does not fit, none does.
struct UserQueue: Sendable {
  /// What the tasks of a lane have in common.
  struct Kind: Hashable, Sendable {
    var shape: ShapeNumber
    /// The longest that one may run; looked at only where later ones pass earlier ones on condition that they end in time.
    var limit: TimeSpan?
  }

  struct Lane: Sendable {
    var kind: Kind
    var ready = ReadyTasks()
  }

  /// Those that ran empty are used again for others.
  private(set) var lanes: [Lane] = []
  private var numbers: [Kind: Int] = [:]
  private var vacant: [Int] = []
  private(set) var fronts = Tournament()
  let user: UserNumber
  /// How much further back all of them stand for what their user has already.
  var offset: Double

  init(of user: UserNumber, offset: Double) { (self.user, self.offset) = (user, offset) }

  /// The first of all lanes that are not set aside, among all users.
  var front: QueuePlace? { fronts.winner.flatMap { fronts[$0] }?.moved(by: offset) }

  mutating func add(_ run: ReadyRun, of kind: Kind) {
    let lane = number(of: kind)
    lanes[lane].ready.push(run)
    refresh(lane)
  }

  private mutating func number(of kind: Kind) -> Int {
    if let known = numbers[kind] { return known }
    let lane = vacant.popLast() ?? lanes.count
    if lane == lanes.count { lanes.append(Lane(kind: kind)) }
    lanes[lane].kind = kind
    numbers[kind] = lane
    return lane
  }

  /// Takes tasks off the front of a lane.
  mutating func pop(_ lane: Int, _ most: Int, before limit: QueuePlace?) -> ReadyRun? {
    guard let run = lanes[lane].ready.pop(most, before: limit) else { return nil }
    refresh(lane)
    if lanes[lane].ready.isEmpty {
      numbers[lanes[lane].kind] = nil
      vacant.append(lane)
    }
    return run
  }

  /// The lane is passed over until it is taken in again.
  mutating func setAside(_ lane: Int) { fronts[lane] = nil }

  mutating func refresh(_ lane: Int) { fronts[lane] = lanes[lane].ready.front?.place }
}
