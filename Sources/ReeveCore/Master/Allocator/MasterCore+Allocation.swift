import ReeveModel

extension MasterCore {
  /// Offers what racks have to the batch framework, in the order of its demand, until nothing that is wanted fits.
  ///
  /// First fit in policy order over the shapes: a large task at the head never hides a small one that fits.
  mutating func allocate(at now: Now, into effects: inout [MasterEffect]) {
    enqueueReady(at: now)
    var wanted = batch.demand(settings.shapesMax)
    askAbout(wanted)
    while let run = batch.nextRun(among: wanted) {
      guard let (rack, count) = choose(for: run, at: now) else {
        wanted.removeAll { $0 == run.shape }
        continue
      }
      let tasks = batch.accept(run, count: count, isReady: isReady)
      assign(tasks, shape: run.shape, to: rack, at: now, into: &effects)
    }
    recallForIdleRacks(at: now)
  }

  /// Asks each rack about the shapes at the fronts of the queues, and keeps asking about the latest others while there is
  /// room, for they tend to come back.
  private mutating func askAbout(_ wanted: [ShapeNumber]) {
    for rack in durable.roster.rackList where racks[rack].isStated {
      let asked = racks[rack].asked
      let missing = wanted.filter { !asked.contains($0) }
      guard !missing.isEmpty else { continue }
      let kept = asked.filter { !wanted.contains($0) }.suffix(settings.shapesMax - wanted.count)
      racks[rack].asked = kept + wanted
      racks[rack].orders.shapes = racks[rack].asked.map {
        NumberedShape(number: $0, resources: batch.resources[$0.index])
      }
    }
  }

  /// The rack with the most room for the shape, and a part of that room, so that load is evened out; where no rack has
  /// room, the one whose backlog is shortest of what it gets through.
  private mutating func choose(for run: BatchFramework.Run, at now: Now) -> (RackNumber, Int)? {
    let resources = batch.resources[run.shape.index]
    var best: (rack: RackNumber, room: Int)?
    for rack in durable.roster.rackList {
      let room = racks[rack].room(for: run.shape, resources)
      if room > best?.room ?? 0 { best = (rack, room) }
    }
    if let best { return (best.rack, max(1, best.room / 2)) }
    for rack in durable.roster.rackList where racks[rack].isStated {
      let room = racks[rack].aheadTarget(at: now.boot) - durable.roster[rack].waitingCount
      if room > best?.room ?? 0, fitsEmpty(resources, on: rack) { best = (rack, room) }
    }
    return best.map { ($0.rack, $0.room) }
  }

  private func fitsEmpty(_ resources: Resources, on rack: RackNumber) -> Bool {
    racks[rack].offer?.largest.contains { resources.fits(in: $0) } ?? false
  }

  private mutating func assign(
    _ tasks: [TaskNumber],
    shape: ShapeNumber,
    to rack: RackNumber,
    at now: Now,
    into effects: inout [MasterEffect]
  ) {
    guard !tasks.isEmpty else { return }
    let first = durable.firstFreeAttempt
    commit(.assigned(rack, first: first, tasks: tasks), into: &effects)
    var attempt = first
    var job = JobNumber(0)
    for task in tasks {
      job = durable.jobs.job(of: task, guess: job)
      launch(task, of: job, attempt, on: rack)
      racks[rack].launched(shape, batch.resources[shape.index])
      // A few long command lines fill a message: the rest of them goes in another.
      if racks[rack].orders.launches.isFull { sendOrders(to: rack, at: now, into: &effects) }
      attempt = attempt.advanced(by: 1)
    }
  }

  private mutating func launch(
    _ task: TaskNumber,
    of number: JobNumber,
    _ attempt: AttemptID,
    on rack: RackNumber
  ) {
    let place = durable.jobs[number].place(task)
    let template = durable.jobs[number].template(at: place)
    if racks[rack].mustCarry(template) {
      racks[rack].orders.launches.carry(
        NumberedTemplate(
          number: template,
          job: durable.jobs[number].spec.id,
          template: durable.templates[template.index]
        )
      )
    }
    let entry = durable.jobs[number].layout.entry(at: place)
    var launch = LaunchBatch.Launch(attempt: attempt, task: task, template: template)
    var value: (PackedStrings, Int)?
    if let array = durable.jobs[number].layout.array(at: place) {
      launch.index = durable.jobs[number].spec.arrayIndex(at: place, durable.jobs[number].layout)
      let values = durable.jobs[number].spec.arrays[array].values
      if !values.isEmpty { value = (values, place - durable.jobs[number].layout.arrays[array].start) }
    }
    racks[rack].orders.launches.append(
      launch,
      name: durable.jobs[number].name(at: place),
      entry,
      of: durable.jobs[number].spec.arguments,
      value: value
    )
  }

  /// Where the queue is empty and a rack has room, another rack's backlog is asked back: through the master, never from
  /// each other.
  private mutating func recallForIdleRacks(at now: Now) {
    for rack in durable.roster.rackList where racks[rack].isStated {
      for shape in racks[rack].asked where racks[rack].waiting(shape) > 0 && batch.readyCount(shape) == 0 {
        let last = racks[rack].recalledAt
        guard last.map({ $0 + settings.recallInterval <= now.boot }) ?? true else { continue }
        let count = min(room(for: shape, besides: rack), racks[rack].waiting(shape))
        guard count > 0 else { continue }
        racks[rack].recalled(at: now.boot)
        racks[rack].orders.recalls.append(Recall(shape: shape, count: count))
      }
    }
  }

  private func room(for shape: ShapeNumber, besides rack: RackNumber) -> Int {
    durable.roster.rackList.reduce(0) {
      $1 == rack ? $0 : $0 + racks[$1].room(for: shape, batch.resources[shape.index])
    }
  }

  /// When a recall that had to wait may be made.
  var recallDeadline: Instant? {
    racks.links.compactMap { link in
      guard link.isStated, let last = link.recalledAt, link.asked.contains(where: { link.waiting($0) > 0 })
      else { return nil }
      return last + settings.recallInterval
    }.min()
  }
}
