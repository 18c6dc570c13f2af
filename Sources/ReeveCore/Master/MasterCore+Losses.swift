import ReeveModel

// Attempts that come to nothing: unstarted, or with their node.
extension MasterCore {
  /// Attempts that came back unstarted: queued again, unless their task is to end.
  mutating func takeBack(_ attempts: [TaskAttempt], at now: Now, into effects: inout [MasterEffect]) {
    guard !attempts.isEmpty else { return }
    var again: [TaskAttempt] = []
    var over: [TaskEnd] = []
    var seen: Set<TaskNumber> = []
    for a in attempts {
      guard let known = durable.current(a.task, a.attempt), seen.insert(a.task).inserted else { continue }
      if known.ordered != .none {
        over.append(end(of: a, known, at: now.wall, known.ordered))
      } else {
        again.append(a)
      }
    }
    requeue(again, lost: false, into: &effects)
    finish(over, at: now, into: &effects)
  }

  /// Attempts whose node is lost, or is back without them: what becomes of the task is its job's choice.
  mutating func lose(_ attempts: [LostAttempt], at now: Now, into effects: inout [MasterEffect]) {
    guard !attempts.isEmpty else { return }
    var again: [TaskAttempt] = []
    var awaited: [LostAttempt] = []
    var over: [TaskEnd] = []
    var seen: Set<TaskNumber> = []
    for a in attempts {
      guard let known = durable.current(a.name.task, a.name.attempt), seen.insert(a.name.task).inserted
      else { continue }
      let choice = durable.templates[known.template.index].onNodeLoss
      let losses = durable.setbacks[a.name.task]?.losses ?? 0
      if known.ordered != .none {
        over.append(end(of: a.name, known, at: now.wall, known.ordered))
      } else if choice == .wait, mayReturn(a) {
        awaited.append(a)
      } else if choice == .fail || losses + 1 >= settings.lossesMax {
        over.append(end(of: a.name, known, at: now.wall, .nodeLost))
      } else {
        again.append(a.name)
      }
    }
    if !awaited.isEmpty {
      commit(.nodeAwaited(awaited), into: &effects)
      for a in awaited { touch(a.name.task) }
    }
    requeue(again, lost: true, into: &effects)
    finish(over, at: now, into: &effects)
  }

  /// Of nodes that are up, what tasks still wait for is not there: it would have been stated.
  mutating func loseUnstated(on nodes: [NodeStatus], at now: Now, into effects: inout [MasterEffect]) {
    guard !durable.awaited.isEmpty else { return }
    for node in nodes where node.state == .up { loseAwaited(on: node.number, at: now, into: &effects) }
  }

  private mutating func loseAwaited(on node: NodeNumber, at now: Now, into effects: inout [MasterEffect]) {
    let waiting = durable.awaited.filter { $0.value == node || $0.value == NodeNumber(0) }
      .sorted { $0.key < $1.key }
    let attempts = waiting.compactMap { task, awaited in
      durable.active[task].map { LostAttempt(TaskAttempt(attempt: $0.attempt, task: task), on: awaited) }
    }
    lose(attempts.filter { $0.node == node || !mayReturn($0) }, at: now, into: &effects)
  }

  /// Whether a node that was lost may still come back with what ran there.
  private func mayReturn(_ attempt: LostAttempt) -> Bool {
    let node = attempt.node
    guard node != NodeNumber(0) else {
      guard let rack = durable.active[attempt.name.task]?.rack else { return false }
      return durable.roster.mayBeOnLostNode(attempt.name.attempt, of: rack)
    }
    return durable.roster.has(node) && racks[durable.roster[node].rack].nodes[node]?.state != .up
  }

  private mutating func requeue(_ attempts: [TaskAttempt], lost: Bool, into effects: inout [MasterEffect]) {
    guard !attempts.isEmpty else { return }
    commit(lost ? .lost(attempts) : .returned(attempts), into: &effects)
    for a in attempts { touch(a.task) }
  }

  private func end(
    of attempt: TaskAttempt,
    _ known: ActiveTask,
    at wall: WallTime,
    _ reason: FailureReason
  ) -> TaskEnd {
    var end = TaskEnd(attempt: attempt.attempt, task: attempt.task, node: known.node, ended: wall)
    end.started = known.started
    end.reason = reason
    return end
  }

  /// Strikes a lost node off: nobody waits for it any more.
  mutating func forget(
    _ name: String,
    for request: RequestNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    guard let node = durable.roster.node(named: name) else {
      let refusal = Refusal(
        .notFound,
        field: "node",
        "There is no node \"\(name)\". `reeve nodes` lists what there is."
      )
      return effects.append(.forgotten(request, .failure(refusal)))
    }
    guard durable.roster[node].isLost else {
      let refusal = Refusal(
        .conflict,
        field: "node",
        "Node \"\(name)\" is not lost. Stop its agent, and forget it once `reeve nodes` says so."
      )
      return effects.append(.forgotten(request, .failure(refusal)))
    }
    let waiting = durable.awaited.values.count { $0 == node }
    commit(.nodeForgotten(node), into: &effects)
    racks[durable.roster[node].rack].nodes[node] = nil
    loseAwaited(on: node, at: now, into: &effects)
    effects.append(.forgotten(request, .success(waiting)))
  }
}
