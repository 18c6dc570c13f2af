import ReeveModel

/// Seeded chance, and values made by it.
///
/// Full dice leave nothing empty, zero or absent, so that a field that is forgotten shows.
struct Dice: RandomNumberGenerator {
  private var state: UInt64
  let isFull: Bool

  init(seed: UInt64, isFull: Bool = false) {
    state = seed
    self.isFull = isFull
  }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Of any size up to so many bits; the edges come often.
  mutating func bits(_ count: Int) -> UInt64 {
    let top = UInt64.max >> (64 - count)
    switch isFull ? 9 : Int.random(in: 0..<10, using: &self) {
    case 0: return 0
    case 1: return top
    default: return max(1, next() & top >> UInt64.random(in: 0..<UInt64(count), using: &self))
    }
  }

  mutating func u32() -> UInt32 { UInt32(bits(32)) }
  mutating func i32() -> Int32 { Int32(truncatingIfNeeded: bits(32)) | (isFull ? 1 : 0) }
  mutating func amount() -> Int64 { Int64(bits(58)) }
  mutating func bool() -> Bool { isFull || Bool.random(using: &self) }
  mutating func count(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  mutating func wall() -> WallTime { WallTime(microseconds: amount()) }
  mutating func span() -> TimeSpan { TimeSpan(microseconds: amount()) }

  mutating func name() -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789-_.äß→𝄞")
    return String((0..<count(1...12)).map { _ in letters[count(0...letters.count - 1)] })
  }

  mutating func word() -> String { isFull || bool() ? name() : "" }
  mutating func bytes() -> [UInt8] { list(0...40) { UInt8(truncatingIfNeeded: $0.bits(8)) } }
  mutating func some<T>(_ make: (inout Dice) -> T) -> T? { bool() ? make(&self) : nil }

  /// Full dice make the list two to four long.
  mutating func list<T>(_ length: ClosedRange<Int> = 0...8, _ make: (inout Dice) -> T) -> [T] {
    (0..<count(isFull ? 2...4 : length)).map { _ in make(&self) }
  }

  mutating func one<T>(of all: [T]) -> T { all[count(0...all.count - 1)] }
}

// MARK: - Words of the field

extension Dice {
  mutating func attempt() -> AttemptID { AttemptID(bits(63)) }
  mutating func task() -> TaskNumber { TaskNumber(bits(62)) }
  mutating func node() -> NodeNumber { NodeNumber(u32()) }
  mutating func rack() -> RackNumber { RackNumber(u32()) }
  mutating func hold() -> HoldID { HoldID(bits(62)) }
  mutating func shape() -> ShapeNumber { ShapeNumber(u32()) }
  mutating func job() -> JobID { JobID(name()) }
  mutating func term() -> Term { Term(UInt32(bits(24))) }
  mutating func generation() -> Generation { Generation(term: term(), number: bits(62)) }
  mutating func reason() -> FailureReason {
    isFull ? one(of: Array(FailureReason.allCases.dropFirst())) : one(of: FailureReason.allCases)
  }

  mutating func resources() -> Resources { Resources(cpuMillis: amount(), memory: amount(), disk: amount()) }
  mutating func nodeResources() -> Resources {
    Resources(cpuMillis: Int64(bits(50)), memory: Int64(bits(50)), disk: Int64(bits(50)))
  }
  /// A node that came back smaller than what runs on it has less than nothing free.
  mutating func free() -> Resources {
    bool() ? Resources.zero - nodeResources() : nodeResources()
  }

  mutating func variable() -> TaskTemplate.Variable { .init(name: word(), value: word()) }
  mutating func attributes() -> [TaskTemplate.Variable] {
    let names = Set(list { $0.name() }).sorted()
    return names.map { .init(name: $0, value: name()) }
  }
  mutating func constraint() -> AttributeConstraint {
    AttributeConstraint(word(), in: list { $0.word() }, isNegated: bool())
  }
  mutating func template() -> TaskTemplate {
    TaskTemplate(
      command: list { $0.word() },
      environment: list { $0.variable() },
      resources: resources(),
      constraints: list { $0.constraint() },
      timeLimit: some { TimeSpan(microseconds: max(1, $0.amount())) },
      deadline: some { TimeSpan(microseconds: max(1, $0.amount())) },
      grace: span(),
      priority: i32(),
      onNodeLoss: NodeLossChoice.allCases[Int(bits(8)) % 3],
      directory: some { $0.name() },
      retry: some { $0.retryRule() } ?? RetryRule(),
      warning: some { TimeWarning(signal: $0.i32(), before: $0.span()) },
      labels: list { $0.variable() },
      inputs: list { $0.word() },
      outputs: list { $0.word() }
    )
  }

  mutating func retryRule() -> RetryRule {
    RetryRule(
      limit: UInt16(bits(16)),
      delay: span(),
      exitCodes: bytes(),
      reasons: list { $0.reason() }
    )
  }

  mutating func jobSpec(tasks: ClosedRange<Int> = 0...20) -> JobSpec {
    var spec = JobSpec(id: job(), name: word(), user: word(), labels: list { $0.variable() })
    spec.templates = list(1...4) { $0.template() }
    let count = isFull ? 5 : count(tasks)
    for i in 0..<count {
      let after = isFull ? [UInt32(count - 1 - i)] : list(0...3) { UInt32($0.count(0...count - 1)) }
      spec.append(
        name: word(),
        template: i % spec.templates.count,
        arguments: list(0...5) { $0.word() },
        after: after
      )
    }
    enrich(&spec)
    return spec
  }

  /// What not every job has. An array's indices are not looked at on the wire.
  private mutating func enrich(_ spec: inout JobSpec) {
    spec.failuresMax = u32()
    spec.isHeld = bool()
    spec.mayWaitForNodes = bool()
    spec.isOpen = bool()
    spec.addition = word()
    guard spec.entryCount > 0 else { return }
    if bool(), !spec.dependencies.isEmpty {
      spec.dependencyKinds = spec.dependencies.map { _ in UInt8(max(isFull ? 1 : 0, bits(3))) }
    }
    for entry in (isFull ? 1 : 0)..<spec.entryCount where isFull || count(0...3) == 0 {
      let runs = list(1...3) {
        TaskArray.IndexRun(first: $0.u32(), step: $0.u32(), count: UInt32($0.count(1...9)))
      }
      let values = PackedStrings(list { $0.word() })
      spec.arrays.append(TaskArray(entry: UInt32(entry), runs: runs, parallel: u32(), values: values))
    }
    spec.outerDependencies = list(0...2) { dice in
      OuterDependency(
        entry: UInt32(dice.bits(10)),
        job: dice.job(),
        task: dice.word(),
        DependencyKind(
          dice.isFull ? .ended : dice.one(of: DependencyKind.Condition.allCases),
          isEach: dice.bool()
        )
      )
    }
  }
}

// MARK: - What sessions carry

extension Dice {
  mutating func taskAttempt() -> TaskAttempt { TaskAttempt(attempt: attempt(), task: task()) }
  mutating func start() -> TaskStart {
    TaskStart(attempt: attempt(), task: task(), node: node(), started: wall())
  }
  mutating func kill() -> KillOrder { KillOrder(attempt: attempt(), reason: reason()) }
  mutating func usage() -> TaskEnd.Usage {
    .init(cpu: span(), memoryPeak: amount(), readBytes: amount(), writeBytes: amount())
  }
  /// Never without a message: an end in a view of which nothing is known is none.
  mutating func detail() -> TaskEnd.Detail {
    .init(message: name(), stdoutTail: bytes(), stderrTail: bytes())
  }
  mutating func end() -> TaskEnd {
    var end = TaskEnd(
      attempt: attempt(),
      task: task(),
      node: node(),
      reason: reason(),
      status: i32(),
      started: wall(),
      ended: wall(),
      usage: bool() ? usage() : .init(),
      detail: some { $0.detail() }
    )
    end.earlier = UInt16(bits(16))
    return end
  }

  mutating func launches() -> LaunchBatch {
    var batch = LaunchBatch()
    for _ in 0..<(isFull ? 3 : count(0...20)) {
      let index = some { UInt32($0.bits(31)) }
      let value = index == nil || !bool() ? nil : (PackedStrings([name()]), 0)
      var lists = PackedLists()
      lists.append(list(0...4) { $0.word() })
      batch.append(
        .init(attempt: attempt(), task: task(), template: TemplateNumber(u32()), index: index),
        name: word(),
        0,
        of: lists,
        value: value
      )
    }
    let templates = list(0...3) {
      NumberedTemplate(
        number: TemplateNumber($0.u32()),
        job: $0.job(),
        role: RoleNumber($0.u32()),
        template: $0.template()
      )
    }
    for template in templates { batch.carry(template) }
    return batch
  }

  mutating func rackAssignment() -> RackAssignment {
    RackAssignment(
      rack: rack(),
      name: word(),
      term: term(),
      generation: generation(),
      roster: list { RosterNode(number: $0.node(), name: $0.word()) }
    )
  }

  mutating func nodeStatus() -> NodeStatus {
    NodeStatus(
      number: node(),
      name: word(),
      state: one(of: NodeStatus.State.allCases),
      total: nodeResources(),
      free: free(),
      running: Int(u32()),
      address: word(),
      attributes: attributes()
    )
  }

  mutating func rackOffer() -> RackOffer {
    RackOffer(
      total: resources(),
      free: free(),
      fits: list {
        .init(
          shape: $0.shape(),
          fits: Int($0.u32()),
          fills: Int($0.u32()),
          waiting: Int($0.u32()),
          mayFit: $0.bool()
        )
      },
      largest: list { $0.nodeResources() },
      fillsWithin: span()
    )
  }

  mutating func rackReport() -> RackReport {
    var report = RackReport()
    report.countedIn = bits(62)
    report.waiting = list { $0.taskAttempt() }
    report.started = list { $0.start() }
    report.ends = list { $0.end() }
    report.returned = list { $0.taskAttempt() }
    report.lost = list { LostAttempt($0.taskAttempt(), on: $0.node()) }
    report.offer = some { $0.rackOffer() }
    report.nodes = list { $0.nodeStatus() }
    report.held = list { HeldRoom(id: $0.hold(), node: $0.node()) }
    report.unheld = list { $0.hold() }
    return report
  }

  mutating func rackOrders() -> RackOrders {
    var orders = RackOrders()
    orders.batch = bits(62)
    orders.launches = launches()
    orders.kills = list { $0.kill() }
    orders.acknowledged = list { $0.attempt() }
    orders.recalls = list { Recall(shape: $0.shape(), count: Int($0.u32())) }
    orders.messages = messages()
    orders.holds = list { dice in
      HoldOrder(
        id: dice.hold(),
        shape: dice.shape(),
        mayGather: dice.bool(),
        takes: dice.list { HoldOrder.Take(role: RoleNumber($0.u32()), most: $0.resources()) }
      )
    }
    orders.uses = list { HoldUse(attempt: $0.attempt(), hold: $0.hold()) }
    orders.releases = list { $0.hold() }
    orders.roles = list { AttemptRole(attempt: $0.attempt(), role: RoleNumber($0.u32())) }
    orders.shapes = some {
      $0.list { dice in
        let shape = Shape(dice.resources(), dice.list { $0.constraint() })
        return NumberedShape(number: dice.shape(), shape: shape)
      }
    }
    return orders
  }

  mutating func nodeStatement() -> NodeStatement {
    NodeStatement(
      node: node(),
      name: name(),
      incarnation: bits(64),
      serial: bits(64),
      address: word(),
      total: nodeResources(),
      attributes: attributes(),
      running: list { .init(start: $0.start(), resources: $0.nodeResources()) },
      ends: list { $0.end() },
      obeyed: generation()
    )
  }

  mutating func nodeReport() -> NodeReport {
    NodeReport(
      starts: list { $0.start() },
      ends: list { $0.end() },
      refused: list { $0.taskAttempt() }
    )
  }

  mutating func nodeOrders() -> NodeOrders {
    var orders = NodeOrders()
    orders.launches = launches()
    orders.kills = list { $0.kill() }
    orders.acknowledged = list { $0.attempt() }
    orders.messages = messages()
    return orders
  }

  private mutating func messages() -> TaskMessages {
    list { TaskMessage(to: $0.attempt(), Array($0.word().utf8)) }.reduce(into: TaskMessages()) {
      _ = $0.add($1)
    }
  }
}
