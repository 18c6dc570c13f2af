import ReeveModel

// What the master says, and what it is told.
extension RackCore {
  mutating func masterConnected(
    _ session: SessionNumber,
    _ assignment: RackAssignment,
    at now: Instant,
    into effects: inout [RackEffect]
  ) {
    let before = link.generation
    guard link.open(session, assignment) else { return }
    dropHolds()
    announcer = Announcer()
    gatherUntil = nil
    templates.beginSession()
    nodes.constraints.keep(only: templates.constraints)
    nodes.constraints.rename(rack: assignment.name)
    for node in nodes.expect(assignment.roster, at: now) { disown(node) }
    if before != assignment.generation { doubtNodes(hadRack: before != nil, at: now, into: &effects) }
    if let before, before != assignment.generation { dropBacklog() }
    if before != assignment.generation { welcomeAll(into: &effects) }
  }

  /// The rack was another's meanwhile: what nodes were sent by that one is not known here, so each states itself anew before
  /// the rack does. That includes those that were lost from here; and where the rack was this process's before, those whose
  /// stream seems open.
  private mutating func doubtNodes(hadRack: Bool, at now: Instant, into effects: inout [RackEffect]) {
    for node in nodes.places where !nodes[node].isStruckOff && (hadRack || !nodes[node].isConnected) {
      if nodes[node].isConnected, let session = nodes[node].session {
        effects.append(
          .refuse(
            session,
            nodes[node].number,
            "another had the rack meanwhile: the node must state itself anew"
          )
        )
      }
      nodes.doubt(node, at: now)
      outbox.reset(node)
    }
  }

  /// What waits was given to the rack before another had it: whether it is still to run, the master has decided without this
  /// process. It stands in no statement, so that what is to run comes again.
  private mutating func dropBacklog() {
    for place in backlog.places { handBack(place) }
  }

  mutating func obey(_ orders: RackOrders, at now: Instant) {
    if let shapes = orders.shapes { ask(about: shapes) }
    for named in orders.roles { attempts.name(named.role, of: named.attempt) }
    accept(orders.launches)
    // One may be ordered and let go of in the same turn of the master.
    for hold in orders.holds { obey(hold) }
    use(orders.uses, releasing: orders.releases, at: now)
    link.count(orders.batch)
    for kill in orders.kills { obey(kill) }
    for attempt in orders.acknowledged { acknowledge(attempt) }
    for recall in orders.recalls { obey(recall) }
    for message in orders.messages.all { pass(message) }
  }

  private mutating func ask(about shapes: [NumberedShape]) {
    let own = shapes.map { asked in
      (
        asked.number,
        RackShape(asked.shape.resources, nodes.constraints.number(of: asked.shape.constraints))
      )
    }
    link.ask(own)
  }

  private mutating func accept(_ arrived: LaunchBatch) {
    var batch = arrived
    for template in batch.takeTemplates() {
      let constraints = nodes.constraints.number(of: template.template.constraints)
      outbox.redefine(templates.admit(template, constraints))
    }
    guard !batch.isEmpty else { return }
    let accepted = batch.launches.indices.filter { adoptTemplate($0, of: &batch) }
    guard !accepted.isEmpty else { return }
    let consignment = consignments.keep(batch, needed: accepted.count)
    for line in accepted { wait(batch.launches[line], line: line, of: consignment) }
  }

  /// Puts the rack's own template number into a launch.
  /// - Returns: whether it is to wait. An attempt that is known stands in the statement, or has been reported since.
  private mutating func adoptTemplate(_ line: Int, of batch: inout LaunchBatch) -> Bool {
    let launch = batch.launches[line]
    guard attempts.place(of: launch.attempt) == nil else { return false }
    guard let own = templates.own(launch.template) else {
      link.returned(TaskAttempt(attempt: launch.attempt, task: launch.task))
      return false
    }
    batch.launches[line].template = own
    return true
  }

  private mutating func wait(_ launch: LaunchBatch.Launch, line: Int, of consignment: Int) {
    let parcel = Placements.Parcel(consignment: consignment, line: line, template: launch.template)
    let name = TaskAttempt(attempt: launch.attempt, task: launch.task)
    let shape = templates.shape(of: launch.template)
    let role = templates[launch.template].role
    let place = attempts.wait(name, of: role, shape: shape, parcel: parcel)
    templates.use(launch.template)
    backlog.push(place, sequence: attempts[place].sequence, shape: shape)
  }

  private mutating func obey(_ kill: KillOrder) {
    guard let place = attempts.place(of: kill.attempt) else { return }
    let row = attempts[place]
    switch row.phase {
    case .vacant, .ended: break
    case .waiting: handBack(place)
    case .sent, .running:
      guard row.kill == .none else { return }
      attempts.kill(place, kill.reason)
      if nodes[row.node].isConnected { outbox.kill(kill, on: row.node) }
    }
  }

  /// An end is durable, or moot. A node that cannot be told now states the end again when it is back.
  private mutating func acknowledge(_ attempt: AttemptID) {
    guard let place = attempts.place(of: attempt), attempts[place].phase == .ended else { return }
    let node = attempts[place].node
    attempts.remove(place)
    if nodes[node].isConnected { outbox.acknowledge(attempt, on: node) }
  }

  /// To the node of what runs; nobody is told that something is over, or away.
  private mutating func pass(_ message: TaskMessage) {
    guard let place = attempts.place(of: message.attempt), attempts[place].phase == .running else { return }
    let node = attempts[place].node
    if nodes[node].isConnected { outbox.tell(message, on: node) }
  }

  private mutating func obey(_ recall: Recall) {
    guard let shape = link[recall.shape] else { return }
    for place in backlog.takeLast(recall.count, of: shape) { forget(place, returned: true) }
  }

  /// Takes a waiting launch out of the backlog, and says that it came back unstarted.
  mutating func handBack(_ place: Int) {
    backlog.remove(sequence: attempts[place].sequence, shape: attempts[place].shape)
    forget(place, returned: true)
  }

  /// Lets go of a launch that is in no queue and on no node any more.
  mutating func forget(_ place: Int, returned: Bool) {
    let row = attempts[place]
    releasePayload(place)
    attempts.remove(place)
    if returned {
      link.returned(row.name)
    } else {
      link.lost(LostAttempt(row.name, on: nodes[row.node].number))
    }
  }

  mutating func releasePayload(_ place: Int) {
    guard let parcel = attempts[place].parcel else { return }
    consignments.release(parcel.consignment)
    templates.release(parcel.template)
  }
}
