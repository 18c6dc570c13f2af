import ReeveModel

// What frameworks tell their tasks. It is in no journal, and nobody sends it again: it is lost where the rack, the node or the
// task is gone before it arrives.
extension MasterCore {
  /// Hands a line on to the rack of what runs as a task.
  /// - Returns: for how many tasks: one.
  mutating func message(_ line: [UInt8], to name: String, of framework: FrameworkNumber) throws(Refusal)
    -> Int
  {
    let id = durable.frameworks[framework].info.id
    let runs = (try? select(TaskSelector(job: id, task: name)).get()) ?? []
    guard let task = runs.first?.first else {
      throw Refusal(
        .notFound,
        field: "task",
        "framework \"\(id)\" has no task \(name.quoted). Name one that it has accepted an offer with."
      )
    }
    guard runs.count == 1, runs[0].count == 1 else {
      throw Refusal(
        .invalid,
        field: "task",
        "\(name.quoted) is an array. Name one task of it, such as \"\(name).0\"."
      )
    }
    guard let active = durable.active[task], active.hasStarted else {
      throw Refusal(
        .conflict,
        field: "task",
        "task \(name.quoted) does not run, and a message is for what does. Wait for the update that says so."
      )
    }
    guard racks[active.rack].isStated else {
      throw Refusal(
        .unavailable,
        field: "task",
        "the rack of task \(name.quoted), \(durable.roster[active.rack].name.quoted), is away. Send it again later."
      )
    }
    guard racks[active.rack].orders.messages.add(TaskMessage(to: active.attempt, line)) else {
      throw Refusal(
        .unavailable,
        field: "data",
        "messages of \(TaskMessages.bytesMax) bytes are on their way to the rack of task \(name.quoted) at this moment. Send it "
          + "again later."
      )
    }
    return 1
  }
}
