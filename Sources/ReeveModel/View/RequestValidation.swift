// What may be asked and ordered: looked at before a core hears of it, so that what a core repeats in a message is short and
// harmless.

extension TaskSelector {
  /// Refuses what no job, task, state, label or user can be called.
  package func validate() throws(Refusal) {
    // Indices of an array may have commas between them.
    if !job.isEmpty { try JobID(Self.indexed(job)?.name ?? job).validate(field: "job") }
    if let task {
      if job.isEmpty {
        throw Refusal(.invalid, field: "job", "task \(task.quoted) is named, and no job. Name both.")
      }
      try TaskName.validate(task, of: "task", field: "task")
    }
    if let state, !Self.states.contains(state) {
      throw Refusal(
        .invalid,
        field: "state",
        "\(state.quoted) is no state of a task. Use one of: \(Self.states.joined(separator: ", "))."
      )
    }
    if let label { try [label].validateLabels(field: "label") }
    if let user { try validateLine(user, field: "user") }
  }

  /// The same where all tasks of all jobs cannot be meant.
  package func validateNamed() throws(Refusal) {
    guard self != TaskSelector(job: "") else {
      throw Refusal(.invalid, field: "job", "no job is named. Name one, such as \"nightly\".")
    }
    try validate()
  }

  /// As users see them.
  private static let states = TaskState.allCases.map(\.shown).reduce(into: [String]()) { states, shown in
    if !states.contains(shown) { states.append(shown) }
  }
}

extension Query {
  /// Refuses what cannot be there.
  package func validate() throws(Refusal) {
    switch self {
    case .jobs(let filter):
      if let job = filter.job { try job.validate(field: "job") }
      if let user = filter.user { try validateLine(user, field: "user") }
    case .tasks(let filter): try filter.what.validate()
    case .explain(let what): try what.validateNamed()
    case .queue, .nodes, .racks, .policy, .frameworks, .offers, .roles, .users: break
    }
  }
}

extension FrameworkInfo {
  /// Refuses what no framework, role or user can be called.
  package func validate() throws(Refusal) {
    try id.validate(field: "framework")
    try TaskName.validate(role, of: "role", field: "role")
    try validateLine(name, field: "name")
    try validateLine(user, field: "user")
  }
}

extension UserOrder {
  /// Refuses an order of nothing, and what cannot be there.
  package func validate(of what: [TaskSelector]) throws(Refusal) {
    if isOfCluster {
      guard what.isEmpty else {
        throw Refusal(.invalid, field: "what", "the order is of the whole cluster: select nothing.")
      }
      if case .role(let change) = self { try change.validate() }
      if case .policy(let setting) = self { try setting.criteria.validate() }
      return
    }
    guard !what.isEmpty else {
      throw Refusal(.invalid, field: "what", "nothing is selected. Name a job, or a task of it.")
    }
    for selector in what { try selector.validateNamed() }
  }
}
