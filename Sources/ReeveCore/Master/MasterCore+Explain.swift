import ReeveModel

// Why a task is where it is, from the very data that decides.
extension MasterCore {
  func explain(_ what: TaskSelector, at now: Now) -> Answer {
    switch select(what) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let runs):
      guard runs.taskCount == 1 else { return .refused(severalTasks(what, runs)) }
      return .explained(explain(runs[0].first, at: now))
    }
  }

  private func explain(_ task: TaskNumber, at now: Now) -> Explanation {
    let job = durable.jobs.job(of: task)
    let place = durable.jobs[job].place(task)
    let view = view(of: task, in: job, details: false)
    switch view.state {
    case .succeeded, .failed, .cancelled, .skipped:
      return Explanation(task: view, code: .ended, sentence: "It has ended.")
    case .running where view.awaitsNode: return awaitsNode(view)
    case .running:
      return Explanation(task: view, code: .running, sentence: "It runs on node \(view.node.quoted).")
    case .assigned where view.awaitsNode: return awaitsNode(view)
    case .assigned: return atRack(view)
    case .blocked, .queued: break
    }
    if view.isHeld {
      let order = "reeve release \(view.job)/\(view.name)"
      return Explanation(task: view, code: .held, sentence: "It is held. Let it go with `\(order)`.")
    }
    if view.state == .blocked { return waits(view, job, place) }
    if view.isInBackOff {
      return Explanation(
        task: view,
        code: .backOff,
        sentence:
          "It failed (\(view.reason.code)) in attempt \(view.attempts), and is tried again in a while."
      )
    }
    if let key = arrayKey(of: task, job), !waitingRoom.isOut(task, of: key) {
      let most = durable.jobs[job].spec.arrays[key.array].parallel
      let sentence = "Of its array at most \(most) may be on their way at one time, and as many are."
      return Explanation(task: view, code: .arrayLimit, sentence: sentence)
    }
    return inQueue(view, job, at: now)
  }

  private func awaitsNode(_ view: TaskView) -> Explanation {
    let node = view.node.isEmpty ? "a node that is lost" : "node \(view.node.quoted), which is lost"
    return Explanation(
      task: view,
      code: .awaitsNode,
      sentence: "It waits for \(node), as its job says. `reeve nodes forget` would end that."
    )
  }

  private func atRack(_ view: TaskView) -> Explanation {
    guard let rack = durable.active[view.number]?.rack else {
      return Explanation(task: view, code: .starting, sentence: "It is about to start.")
    }
    let waiting = batch.known(view.shape).map { racks[rack].waiting($0) } ?? 0
    return waiting > 0
      ? Explanation(
        task: view,
        code: .waitsAtRack,
        sentence:
          "It is at rack \(view.rack.quoted), where \(waiting) of its shape wait for a slot to become free."
      )
      : Explanation(task: view, code: .starting, sentence: "Rack \(view.rack.quoted) is starting it.")
  }

  private func waits(_ view: TaskView, _ job: JobNumber, _ place: Int) -> Explanation {
    let unmet = unmetTargets(of: place, in: job)
    let count = unmet.count
    var found = Explanation(task: view, code: .dependency, sentence: "")
    (found.waitsFor, found.waitsForCount) = (unmet.first, count)
    let first = found.waitsFor.first.map { "\($0.selector) (\($0.shown))" } ?? "other tasks"
    found.sentence =
      count <= 1 ? "It waits for \(first)." : "It waits for \(count) tasks and arrays, such as \(first)."
    return found
  }

  /// What a task waits for: how many edges, and the first of them each by one unfinished task of it.
  private struct UnmetTargets {
    private(set) var count = 0
    private(set) var first: [Explanation.Ancestor] = []
    private static let shownMax = 20

    mutating func add(_ ancestor: @autoclosure () -> Explanation.Ancestor) {
      count += 1
      if first.count < Self.shownMax { first.append(ancestor()) }
    }
  }

  private func unmetTargets(of place: Int, in number: JobNumber) -> UnmetTargets {
    let entry = durable.jobs[number].layout.entry(at: place)
    var found = UnmetTargets()
    for edge in durable.jobs[number].spec.dependencyRange(entry) {
      let kind = durable.jobs[number].spec.dependencyKind(edge)
      let target = Int(durable.jobs[number].spec.dependencies[edge])
      if kind.isEach || durable.jobs[number].isMet(kind.condition, byEntry: target) { continue }
      found.add(ancestor(in: durable.jobs[number].layout.places(ofEntry: target), of: number))
    }
    for target in durable.jobs[number].eachTargets(of: place, entry)
    where !durable.jobs[number].isMet(target.condition, by: target.place..<target.place + 1) {
      found.add(ancestor(in: target.place..<target.place + 1, of: number))
    }
    for i in durable.jobs[number].spec.outerRange(entry) {
      let (kind, target) = (
        durable.jobs[number].spec.outerDependencies[i].kind, durable.jobs[number].outerTargets[i]
      )
      if kind.isEach || durable.isMet(kind.condition, by: target) { continue }
      found.add(ancestor(in: target))
    }
    for target in durable.outerEachTargets(of: place, in: number)
    where !durable.isMet(target.condition, by: target.target) { found.add(ancestor(in: target.target)) }
    return found
  }

  private func ancestor(in target: OuterTarget) -> Explanation.Ancestor {
    guard target.isWhole else { return ancestor(in: target.places, of: target.job) }
    let parts = durable.jobs.parts(of: target.job).filter { durable.jobs[$0].count > 0 }
    let unfinished = parts.first { durable.jobs[$0].counts.unfinished > 0 }
    // Where all that an open job has is done, it is its closing that is waited for.
    guard let part = durable.jobs.isOver(target.job) ? parts.first : unfinished else {
      return Explanation.Ancestor(job: durable.jobs[target.job].spec.id, task: "", state: .blocked)
    }
    return ancestor(in: 0..<durable.jobs[part].count, of: part)
  }

  private func ancestor(in places: Range<Int>, of job: JobNumber) -> Explanation.Ancestor {
    let place = durable.jobs[job].firstUnfinished(in: places) ?? places.lowerBound
    return Explanation.Ancestor(
      job: durable.jobs[job].spec.id,
      task: durable.jobs[job].name(at: place),
      state: durable.jobs[job].states[place]
    )
  }

  private func inQueue(_ view: TaskView, _ job: JobNumber, at now: Now) -> Explanation {
    let (task, user) = (durable.candidate(view.number, in: job, expectations), durable.jobs.user(of: job))
    let place = QueuePlace(rank: batch.policy.rank(of: task), task: view.number)
    let ahead = batch.count(before: place, of: user)
    let funnels = durable.roster.rackList.map { funnel(of: $0, for: view.shape) }
    var found = because(view, ahead: ahead, funnels)
    found.ahead = ahead
    found.terms = batch.policy.terms(of: task, at: now.wall, share: batch.share(of: user))
    found.racks = funnels
    return found
  }

  private func because(_ view: TaskView, ahead: Int, _ racks: [Explanation.RackFunnel]) -> Explanation {
    let asks = Self.text(view.resources)
    guard racks.contains(where: { $0.isConnected && $0.nodes > 0 }) else {
      return Explanation(task: view, code: .noRack, sentence: "No rack with a node is there at the moment.")
    }
    let nodes = racks.reduce(0) { $0 + $1.nodes }
    let matching = racks.reduce(0) { $0 + $1.matching }
    guard matching > 0 else {
      var known = KnownNodes(of: self)
      let unmet = known.unmet(view.constraints, field: "")?.message ?? "One that is not up is."
      return Explanation(
        task: view,
        code: .constraints,
        sentence:
          "It asks for \(view.constraints.words), and none of \(nodes) nodes that are up is such. \(unmet)"
      )
    }
    guard racks.contains(where: { $0.largeEnough > 0 }) else {
      let which = view.constraints.isEmpty ? "" : " with \(view.constraints.words)"
      return Explanation(
        task: view,
        code: .tooLarge,
        sentence: "It asks for \(asks), and none of \(matching) nodes\(which) has that even when it is empty."
      )
    }
    if isDiskLow {
      return Explanation(
        task: view,
        code: .diskLow,
        sentence: "The master's disk is nearly full: nothing is started."
      )
    }
    if ahead == 0, let shape = batch.known(view.shape),
      let gathered = holds.gathering.first(where: { $0.row.framework == .batch && $0.row.shape == shape })
    {
      return Explanation(
        task: view,
        code: .gathering,
        sentence:
          "It is next, and room for \(asks) is being gathered for it on rack \(durable.roster[gathered.row.rack].name)."
      )
    }
    if ahead > 0 {
      return Explanation(
        task: view,
        code: .priority,
        sentence:
          "\(ahead == 1 ? "1 task" : "\(ahead) tasks") \(durable.policy.order.words), and what is free is taken."
      )
    }
    let large = racks.reduce(0) { $0 + $1.largeEnough }
    if racks.contains(where: { $0.fitsNow > 0 }) {
      return Explanation(
        task: view,
        code: .notYetConsidered,
        sentence: "It is next, and there is room for it."
      )
    }
    return Explanation(
      task: view,
      code: .resources,
      sentence:
        "It is next, and waits for \(asks) to become free on one of \(large) nodes that are large enough."
    )
  }

  private func funnel(of rack: RackNumber, for shape: Shape) -> Explanation.RackFunnel {
    let link = racks[rack]
    let name = durable.roster[rack].name
    let up = link.nodes.values.filter { $0.state == .up }
    let matching = up.filter { shape.constraints.areMet(by: $0.attributes(in: name)) }
    return Explanation.RackFunnel(
      rack: name,
      isConnected: link.isStated,
      nodes: up.count,
      matching: matching.count,
      largeEnough: matching.count { shape.resources.fits(in: $0.total) },
      fitsNow: batch.known(shape).map { link.room(for: $0, shape.resources) } ?? 0,
      free: link.offer?.free ?? .zero
    )
  }

  static func text(_ resources: Resources) -> String {
    var parts = [
      "\(Quantity.text(cpuMillis: resources.cpuMillis)) cpus",
      "\(Quantity.text(bytes: resources.memory)) of memory",
    ]
    if resources.disk > 0 { parts.append("\(Quantity.text(bytes: resources.disk)) of disk") }
    return parts.joined(separator: ", ")
  }
}

extension QueueOrder {
  /// How those are before a task that are before it.
  fileprivate var words: String {
    switch self {
    case .fcfs: "came before it"
    case .priority: "before it by priority and submission"
    case .sjf: "before it by run time and submission"
    case .fair: "before it by what users have, and submission"
    }
  }
}
