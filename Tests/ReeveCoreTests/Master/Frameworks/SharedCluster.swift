import ReeveCore
import ReeveModel
import ReeveTestSupport

/// Frameworks of several roles that share racks, each answering every offer with tasks that never end. Those of a role have
/// tasks of one shape, so that what a role is due can be worked out.
struct SharedCluster {
  let total: Resources
  private var story = MasterStory()
  private let rack: Resources
  private let racks: Int
  private var members: [Member] = []
  private var roles: [Role] = []
  private var accepts = 0

  private struct Member {
    var id: String
    var role: Int
    var shape: Resources
    var count: Int
    var session: SessionNumber
  }

  init(racks: Int, frameworks: Int, dice: inout SeededRandom) {
    self.racks = racks
    rack = .cores(25 * 64, memory: 25 * 256)
    total = rack * racks
    roles = (0..<10).map { Role(name: "role-\($0)", weight: Double.random(in: 0.5...3, using: &dice)) }
    let shapes = roles.map { _ in
      Resources.cores(Int.random(in: 1...8, using: &dice), memory: Int.random(in: 1...32, using: &dice))
    }
    for i in 0..<frameworks {
      let role = i % roles.count
      // Some want little, most of them more than there is for them.
      let count = Int.random(in: 0..<5, using: &dice) == 0 ? 20 : 2_000
      let session = SessionNumber(UInt64(1_000 + i))
      members.append(Member(id: "f-\(i)", role: role, shape: shapes[role], count: count, session: session))
    }
    for i in 0..<racks { story.connect("rack-\(i)", on: SessionNumber(UInt64(i) + 1)) }
    for role in roles { story.order(.role(RoleChange(name: role.name, weight: role.weight))) }
    for member in members {
      story.subscribe(member.id, on: member.session, role: roles[member.role].name)
      story.demand(member.count, of: member.shape, on: member.session)
    }
  }

  /// One a role.
  var claims: [FairDivision.Claim] {
    roles.indices.map { role in
      let wanted = members.filter { $0.role == role }.reduce(Resources.zero) { $0 + $1.shape * $1.count }
      return FairDivision.Claim(weight: roles[role].weight, wanted: wanted)
    }
  }

  /// Runs until nobody is offered anything more.
  /// - Returns: the dominant share that each role has come to.
  func run() -> [Double] {
    var world = self
    var isQuiet = false
    while !isQuiet {
      let accepts = world.accepts
      world.report()
      isQuiet = world.accepts == accepts
    }
    return roles.map { role in
      let live = world.story.core.durable.frameworks
      let used = live.live.filter { live[$0].info.role == role.name }.reduce(Resources.zero) {
        $0 + live[$1].used
      }
      return used.dominantShare(of: total)
    }
  }

  /// Every rack says what it has, and what is offered for it is answered.
  private mutating func report() {
    for i in 0..<racks {
      let session = SessionNumber(UInt64(i) + 1)
      let free = rack - story.core.durable.roster.racks[i].assigned
      let fits = (story.asked[session] ?? []).map {
        RackOffer.ShapeFit(shape: $0.number, fits: $0.shape.resources.count(in: free), waiting: 0)
      }
      story.report(on: session) { [rack] in
        $0.offer = RackOffer(total: rack, free: free, fits: fits, largest: [rack])
      }
      answer()
    }
  }

  private mutating func answer() {
    while true {
      let answers = members.flatMap { member in
        story.offered(on: member.session).map { (member, $0) }
      }
      guard !answers.isEmpty else { return }
      story.turn(answers.map { member, offer in accept(offer, by: member) })
    }
  }

  private mutating func accept(_ offer: FrameworkOffer, by member: Member) -> MasterEvent {
    accepts += 1
    var spec = JobSpec(id: JobID(member.id))
    spec.addition = "a\(accepts)"
    spec.templates = [TaskTemplate(command: ["run"], resources: member.shape)]
    spec.append(name: "t\(accepts)", template: 0, arguments: [], after: [])
    let run = TaskArray.IndexRun(first: 0, step: 1, count: UInt32(offer.count))
    spec.arrays = [TaskArray(entry: 0, runs: [run])]
    return .frameworkSaid(member.session, story.request(), .accept([offer.id], spec, hasRoom: true))
  }
}
