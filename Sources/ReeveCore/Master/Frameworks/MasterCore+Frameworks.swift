import ReeveModel

// Frameworks that come, speak and go.
extension MasterCore {
  mutating func subscribe(
    _ info: FrameworkInfo,
    on session: SessionNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    do throws(Refusal) {
      let known = durable.frameworks[info.id]
      let number: FrameworkNumber
      if let known {
        number = known
        try resubscribe(info, known, into: &effects)
      } else {
        number = try begin(info, at: now, into: &effects)
      }
      accounts.grow(to: durable.frameworks.rows.count, awaySince: now.boot)
      takeOffersBack(from: number)
      if let older = accounts.open(session, number) {
        effects.append(.refuseFramework(older, Self.superseded(info.id)))
      }
      let welcome = FrameworkWelcome(framework: info.id, term: durable.term, isResumed: known != nil)
      effects.append(.welcomed(session, welcome))
    } catch { effects.append(.refuseFramework(session, error)) }
  }

  private mutating func resubscribe(
    _ info: FrameworkInfo,
    _ number: FrameworkNumber,
    into effects: inout [MasterEffect]
  ) throws(Refusal) {
    let row = durable.frameworks[number]
    guard !row.isRemoved else {
      throw Refusal(
        .conflict,
        field: "framework",
        "Framework \"\(info.id)\" has been removed, and its id is not taken again. Its tasks are job \"\(info.id)\"; "
          + "subscribe with another id."
      )
    }
    guard row.info != info else { return }
    let framework = SubscribedFramework(
      number: number,
      job: row.job,
      info: info,
      submitted: durable.jobs[row.job].submitted
    )
    commit(.frameworkSubscribed(framework), into: &effects)
  }

  private mutating func begin(
    _ info: FrameworkInfo,
    at now: Now,
    into effects: inout [MasterEffect]
  ) throws(Refusal) -> FrameworkNumber {
    guard durable.jobs[info.id] == nil else {
      throw Refusal(
        .conflict,
        field: "framework",
        "A job \"\(info.id)\" exists already, and a framework's tasks are a job of its id. Choose another id."
      )
    }
    guard !isDiskLow else { throw Self.diskLow }
    let number = durable.frameworks.next
    let framework = SubscribedFramework(
      number: number,
      job: durable.jobs.next,
      info: info,
      submitted: now.wall
    )
    commit(.frameworkSubscribed(framework), into: &effects)
    return number
  }

  private static func superseded(_ id: JobID) -> Refusal {
    Refusal(.conflict, field: "framework", "Framework \"\(id)\" has opened a newer stream.")
  }

  private static let notSubscribed = Refusal(
    .conflict,
    field: "framework",
    "The framework is not subscribed on this stream, or not any more."
  )

  mutating func disconnectFramework(
    _ session: SessionNumber,
    at now: Instant,
    into effects: inout [MasterEffect]
  ) {
    guard let number = accounts.close(session, at: now) else { return }
    takeOffersBack(from: number)
  }

  /// What a framework says that has a newer stream by now is not heard.
  mutating func hear(
    _ request: FrameworkRequest,
    _ number: RequestNumber,
    on session: SessionNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    do throws(Refusal) {
      guard let framework = accounts.framework(of: session) else { throw Self.notSubscribed }
      let count = try hear(request, of: framework, at: now, into: &effects)
      effects.append(.replied(number, .success(count)))
      if case .tearDown = request {
        effects.append(.refuseFramework(session, Self.tornDown(durable.frameworks[framework].info.id)))
      }
    } catch { effects.append(.replied(number, .failure(error))) }
  }

  private mutating func hear(
    _ request: FrameworkRequest,
    of framework: FrameworkNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) throws(Refusal) -> Int {
    switch request {
    case .demand(let shapes):
      try demand(shapes, by: framework, at: now.boot, into: &effects)
      return shapes.count
    case .accept(let offers, let spec, let hasRoom):
      return try accept(offers, spec, hasRoom: hasRoom, by: framework, at: now, into: &effects)
    case .decline(let offers): return try decline(offers, by: framework, at: now.boot)
    case .kill(let tasks): return try kill(tasks, of: framework, at: now, into: &effects)
    case .acknowledge(let updates):
      acknowledge(updates, by: framework, into: &effects)
      return 0
    case .reconcile(let tasks): return try reconcile(tasks, of: framework, into: &effects)
    case .message(let task, let line): return try message(line, to: task, of: framework)
    case .tearDown:
      let count = durable.jobs.counts(of: durable.frameworks[framework].job).unfinished
      remove(framework, at: now, into: &effects)
      return count
    }
  }

  private static func tornDown(_ id: JobID) -> Refusal {
    Refusal(.conflict, field: "framework", "Framework \"\(id)\" is torn down, as it asked for.")
  }

  /// A framework that has stayed away for longer than it may is done.
  mutating func removeLeftFrameworks(at now: Now, into effects: inout [MasterEffect]) {
    guard accounts.hasOthers else { return }
    for number in durable.frameworks.live where leaves(number).map({ $0 <= now.boot }) ?? false {
      remove(number, at: now, into: &effects)
    }
  }

  /// When a framework that is away will have been so for too long.
  func leaves(_ number: FrameworkNumber) -> Instant? {
    guard number != .batch, !durable.frameworks[number].isRemoved else { return nil }
    return accounts[number].awaySince.map { $0 + durable.frameworks[number].info.failover }
  }

  /// Its tasks are ended, its job is closed.
  mutating func remove(
    _ number: FrameworkNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    takeOffersBack(from: number)
    dropHolds { $0.framework == number }
    if let session = accounts[number].session { _ = accounts.close(session, at: now.boot) }
    // In this order, so that a crash between leaves a framework that goes on, or a job that is closed when leading begins.
    _ = end(runs(ofFramework: number), .cancelled, at: now.wall, into: &effects)
    commit(.frameworkRemoved(number), into: &effects)
    _ = close(durable.frameworks[number].job, .none, at: now.wall, into: &effects)
  }

  /// When leading begins: what a crash has left open of frameworks that are done.
  mutating func closeJobsOfRemoved(at now: Now, into effects: inout [MasterEffect]) {
    for row in durable.frameworks.rows where row.isRemoved {
      _ = close(row.job, .none, at: now.wall, into: &effects)
    }
  }

  /// All tasks of a framework.
  func runs(ofFramework number: FrameworkNumber) -> [TaskRun] {
    durable.jobs.parts(of: durable.frameworks[number].job).filter { durable.jobs[$0].count > 0 }
      .map { durable.jobs[$0].run(0..<durable.jobs[$0].count) }
  }

  /// When something is due of frameworks or their offers.
  var frameworkDeadline: Instant? {
    guard accounts.hasOthers else { return nil }
    let live = durable.frameworks.live
    return [
      live.compactMap(leaves).min(), live.compactMap { accounts[$0].nextTurn }.min(), offersDeadline,
    ].compactMap { $0 }.min()
  }
}

// What frameworks are told of their tasks.
extension MasterCore {
  /// Of tasks named in one message, and of updates that it acknowledges, there may be so many.
  package static let namesMax = 10_000

  /// When leading begins: ends that no framework has said it knows.
  mutating func noteUnacknowledged() {
    for task in durable.frameworks.unacknowledged.keys.sorted() { touch(task) }
  }

  mutating func tellFrameworks(into effects: inout [MasterEffect]) {
    guard accounts.hasOthers else { return }
    for number in durable.frameworks.live where number != .batch {
      guard let session = accounts[number].session else { continue }
      let changed = accounts[number].takeChanged(in: durable.term)
      guard !changed.isEmpty else { continue }
      effects.append(.updated(session, changed.map { update($0.task, $0.id) }))
    }
  }

  private func update(_ task: TaskNumber, _ id: UInt64) -> TaskUpdate {
    let job = durable.jobs.job(of: task)
    let place = durable.jobs[job].place(task)
    var update = TaskUpdate(
      id: id,
      task: durable.jobs[job].name(at: place),
      state: durable.jobs[job].states[place]
    )
    var node = NodeNumber(0)
    if let end = durable.frameworks.unacknowledged[task] {
      (update.reason, update.status, update.attempt, node) = (end.reason, end.status, end.attempt, end.node)
    } else if let active = durable.active[task] {
      (update.attempt, node) = (active.attempt, active.node)
    } else if let setback = durable.setbacks[task] {
      (update.reason, update.status) = (setback.reason, setback.status)
    }
    if durable.roster.has(node) { update.node = durable.roster[node].name }
    return update
  }

  private mutating func acknowledge(
    _ updates: [UInt64],
    by framework: FrameworkNumber,
    into effects: inout [MasterEffect]
  ) {
    let ended = accounts[framework].acknowledge(updates).filter {
      durable.frameworks.unacknowledged[$0] != nil
    }
    if !ended.isEmpty { commit(.endsAcknowledged(ended.sorted()), into: &effects) }
  }

  /// The latest state of these tasks, or of all that it must know of, is told again.
  private mutating func reconcile(
    _ names: [String],
    of framework: FrameworkNumber,
    into effects: inout [MasterEffect]
  ) throws(Refusal) -> Int {
    let tasks: [TaskNumber]
    if names.isEmpty {
      let unended = runs(ofFramework: framework).flatMap { run in
        let job = durable.jobs.job(of: run.first)
        return durable.jobs[job].runs(in: durable.jobs[job].places(run)) { state, _ in !state.isTerminal }
      }
      let ended = durable.frameworks.unacknowledged.keys.filter {
        durable.jobs[durable.jobs.job(of: $0)].framework == framework
      }
      tasks =
        unended.flatMap { run in (run.first.rawValue..<run.end.rawValue).map { TaskNumber($0) } }
        + ended.sorted()
    } else {
      tasks = try self.tasks(names, of: framework, into: &effects)
    }
    for task in tasks { accounts[framework].note(task) }
    return tasks.count
  }

  private mutating func kill(
    _ names: [String],
    of framework: FrameworkNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) throws(Refusal) -> Int {
    let tasks = try self.tasks(names, of: framework, into: &effects)
    // What has ended is told again, for it was not known.
    for task in tasks where durable.state(of: task)?.isTerminal ?? false { accounts[framework].note(task) }
    return end(tasks.map { TaskRun(first: $0, count: 1) }, .cancelled, at: now.wall, into: &effects)
  }

  /// Tasks of a framework by their names, each once; of those unknown it is told so.
  private func tasks(
    _ names: [String],
    of framework: FrameworkNumber,
    into effects: inout [MasterEffect]
  ) throws(Refusal) -> [TaskNumber] {
    guard names.count <= Self.namesMax else {
      throw Refusal(
        .tooLarge,
        field: "tasks",
        "\(names.count) tasks are named in one message; the most is \(Self.namesMax). Name them in several."
      )
    }
    let job = durable.frameworks[framework].info.id.text
    var found: Set<TaskNumber> = []
    var unknown: [TaskUpdate] = []
    var finder = EntryFinder()
    for name in names {
      if case .success(let runs) = select(TaskSelector(job: job, task: name), &finder), !runs.isEmpty {
        for run in runs { found.formUnion((run.first.rawValue..<run.end.rawValue).map { TaskNumber($0) }) }
      } else {
        unknown.append(TaskUpdate(id: 0, task: name, state: nil))
      }
    }
    if !unknown.isEmpty, let session = accounts[framework].session {
      effects.append(.updated(session, unknown))
    }
    return found.sorted()
  }
}
