import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Queue policies") struct QueuePolicyTests {
  private static let criteria = PriorityCriteria(
    terms: [
      PriorityCriteria.Term(.priority, weight: 2), PriorityCriteria.Term(.age, weight: 1),
      PriorityCriteria.Term(.size, weight: -1, per: 4), PriorityCriteria.Term(.deadline, weight: 3),
      PriorityCriteria.Term(
        .label("team", .init(table: [.init(word: "imaging", value: 5)], otherwise: 1)),
        weight: 10
      ),
      PriorityCriteria.Term(.label("urgency", .init())),
    ]
  )
  static let settings =
    QueueOrder.allCases.map { PolicySetting($0) } + [PolicySetting(.priority, criteria: criteria)]

  private static func candidate(_ dice: inout SeededRandom) -> Candidate {
    Candidate(
      priority: Int32.random(in: -3...3, using: &dice),
      submitted: .ms(Int64.random(in: 0...10_000_000, using: &dice)),
      resources: .cores(Int.random(in: 1...16, using: &dice)),
      estimate: Bool.random(using: &dice) ? .seconds(Int64.random(in: 1...9, using: &dice)) : nil,
      deadline: Bool.random(using: &dice) ? .ms(Int64.random(in: 0...10_000_000, using: &dice)) : nil,
      labels: Bool.random(using: &dice) ? [.init(name: "team", value: "imaging")] : []
    )
  }

  /// The laws of every policy.
  @Test(arguments: settings) func `an order is strict, and a function of its argument`(
    _ setting: PolicySetting
  ) {
    let policy = setting.policy
    #expect(type(of: policy).order == setting.order)
    #expect(QueueOrder(word: setting.order.word) == setting.order)
    var dice = SeededRandom(1)
    let tasks = (0..<30).map { _ in Self.candidate(&dice) }
    for a in tasks {
      #expect(policy.rank(of: a) == policy.rank(of: a))
      for b in tasks {
        let places = [
          QueuePlace(rank: policy.rank(of: a), task: TaskNumber(1)),
          QueuePlace(rank: policy.rank(of: b), task: TaskNumber(2)),
        ]
        #expect((places[0] < places[1]) != (places[1] < places[0]))
      }
    }
  }

  @Test func `priority looks at priorities, fcfs at nothing`() {
    let (low, high) = (Candidate(priority: 4), Candidate(priority: 5))
    #expect(HighestPriorityFirst().rank(of: high) < HighestPriorityFirst().rank(of: low))
    #expect(FirstComeFirstServed().rank(of: high) == FirstComeFirstServed().rank(of: low))
  }

  @Test func `the shortest goes first, and what nobody knows comes last`() {
    let ranks = [.seconds(1), .seconds(60), nil].map { ShortestFirst().rank(of: Candidate(estimate: $0)) }
    #expect(ranks == ranks.sorted() && Set(ranks).count == 3)
  }

  /// What is left out of the ranks grows alike for all.
  @Test(arguments: [0, 1_000_000, 5_000_000_000] as [Int64])
  func `the order of ranks is that of the points of all terms, at any time`(now: Int64) {
    let policy = PolicySetting(.priority, criteria: Self.criteria).policy
    var dice = SeededRandom(UInt64(now) + 3)
    let tasks = (0..<60).map { _ in Self.candidate(&dice) }
    let points = tasks.map { task in
      policy.terms(of: task, at: .ms(now), share: 0).reduce(0) { $0 + $1.points }
    }
    for i in tasks.indices {
      for j in tasks.indices where points[i] > points[j] + 1e-6 {
        #expect(policy.rank(of: tasks[i]) < policy.rank(of: tasks[j]))
      }
    }
  }

  @Test func `a task's own label goes before its job's, and a number is a number`() {
    let policy = PolicySetting(.priority, criteria: Self.criteria).policy
    func points(_ labels: [TaskTemplate.Variable], job: [TaskTemplate.Variable]) -> [Double] {
      let task = Candidate(labels: labels, jobLabels: job)
      return policy.terms(of: task, at: .none, share: 0).filter { $0.name.hasPrefix("label") }.map(\.points)
    }
    #expect(points([], job: []) == [10, 0])
    #expect(
      points([.init(name: "team", value: "web")], job: [.init(name: "team", value: "imaging")]) == [10, 0]
    )
    #expect(
      points([.init(name: "urgency", value: "2.5")], job: [.init(name: "team", value: "imaging")]) == [
        50, 2.5,
      ]
    )
    #expect(points([.init(name: "urgency", value: "very")], job: []) == [10, 0])
  }
}

@Suite("Users who share a cluster") struct FairSharesTests {
  /// Users take turns until all is taken; how many tasks each got.
  private static func filled(
    _ setting: PolicySetting,
    _ demands: [(UserNumber, Resources)],
    total: Resources = .cores(10),
    dues: [UserNumber: Double] = [:]
  ) -> [UserNumber: Int] {
    var queue = BatchFramework()
    queue.begin(setting)
    for (i, (user, resources)) in demands.enumerated() {
      let run = ReadyRun(rank: 0, first: TaskNumber(UInt64(i) * 1_000 + 1), count: 1_000, job: JobNumber(1))
      queue.add(run, shape: queue.number(of: Shape(resources)), of: user, limit: nil)
    }
    queue.weigh(in: total) { UserAccount(due: dues[$0] ?? 1) }
    var pool = Pool(total, overtaking: .never)
    var taken: [UserNumber: Int] = [:]
    for task in pool.pass(over: &queue, at: Instant(microseconds: 0), place: { _ in true }) {
      taken[demands[(task.index - 1) / 1_000].0, default: 0] += 1
    }
    return taken
  }

  @Test func `one user's backlog does not keep another waiting`() {
    let demands = [(UserNumber(1), Resources.cores(1)), (UserNumber(2), Resources.cores(1))]
    #expect(Self.filled(PolicySetting(.fair), demands) == [UserNumber(1): 5, UserNumber(2): 5])
    #expect(Self.filled(PolicySetting(.fcfs), demands) == [UserNumber(1): 10])
    #expect(
      Self.filled(PolicySetting(.fair), demands, dues: [UserNumber(2): 4]) == [
        UserNumber(1): 2, UserNumber(2): 8,
      ]
    )
  }

  /// The example of the paper (Ghodsi et al. 2011, section 4.1).
  @Test func `it is the dominant shares that become equal`() {
    let demands = [
      (UserNumber(1), Resources.cores(1, memory: 4)), (UserNumber(2), Resources.cores(3, memory: 1)),
    ]
    let filled = Self.filled(PolicySetting(.fair), demands, total: .cores(9, memory: 18))
    #expect(filled == [UserNumber(1): 3, UserNumber(2): 2])
  }

  @Test func `as a term of priority a share counts as much as its weight says`() {
    let demands = [(UserNumber(1), Resources.cores(1)), (UserNumber(2), Resources.cores(1))]
    let criteria = PriorityCriteria(terms: [PriorityCriteria.Term(.fairShare, weight: 100)])
    let setting = PolicySetting(.priority, criteria: criteria)
    #expect(Self.filled(setting, demands) == [UserNumber(1): 5, UserNumber(2): 5])
  }
}
