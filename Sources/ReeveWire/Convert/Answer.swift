package import ReeveModel

extension Reeve_V1_Answer {
  package init(_ answer: Answer) {
    self.init()
    switch answer {
    case .jobs(let jobs, let next):
      self.jobs = jobs.map { Reeve_V1_JobProgress($0) }
      self.next = next
    case .tasks(let tasks, let next):
      self.tasks = Reeve_V1_TaskViewColumns(tasks)
      self.next = next
    case .nodes(let nodes): self.nodes = nodes.map { Reeve_V1_NodeView($0) }
    case .racks(let racks): self.racks = racks.map { Reeve_V1_RackView($0) }
    case .policy(let setting): policy = Reeve_V1_PolicyOrder(setting)
    case .explained(let explanation): self.explanation = Reeve_V1_Explanation(explanation)
    case .frameworks(let frameworks): self.frameworks = frameworks.map { Reeve_V1_FrameworkView($0) }
    case .offers(let offers): self.offers = offers.map { Reeve_V1_OfferView($0) }
    case .roles(let roles): self.roles = roles.map { Reeve_V1_RoleView($0) }
    case .users(let users): self.users = users.map { Reeve_V1_UserView($0) }
    case .refused(let refusal): problem = Reeve_V1_Problem(refusal)
    }
  }

  /// The fields with something in them.
  fileprivate var kinds: Set<String> {
    var kinds: Set<String> = []
    if !jobs.isEmpty { kinds.insert("jobs") }
    if hasTasks { kinds.insert("tasks") }
    if next != 0 { kinds.insert("next") }
    if hasPolicy { kinds.insert("policy") }
    if hasExplanation { kinds.insert("explanation") }
    if !nodes.isEmpty { kinds.insert("nodes") }
    if !racks.isEmpty { kinds.insert("racks") }
    if !frameworks.isEmpty { kinds.insert("frameworks") }
    if !offers.isEmpty { kinds.insert("offers") }
    if !roles.isEmpty { kinds.insert("roles") }
    if !users.isEmpty { kinds.insert("users") }
    return kinds
  }
}

extension Answer {
  /// Takes the question too: answers that are empty look all the same.
  package init(wire: Reeve_V1_Answer, to query: Query) throws(WireError) {
    if wire.hasProblem {
      try wire.expect(nothingBut: "problem")
      self = .refused(try part("problem") { () throws(WireError) in try Refusal(wire: wire.problem) })
      return
    }
    switch query {
    case .jobs:
      try wire.expect(nothingBut: "jobs", "next")
      self = .jobs(
        try parts("jobs", wire.jobs, JobProgress.init(wire:)),
        next: try check("next", number: wire.next)
      )
    case .policy:
      try wire.expect(nothingBut: "policy")
      self = .policy(try part("policy") { () throws(WireError) in try PolicySetting(wire: wire.policy) })
    case .explain:
      try wire.expect(nothingBut: "explanation")
      self = .explained(
        try part("explanation") { () throws(WireError) in try Explanation(wire: wire.explanation) }
      )
    case .tasks, .queue:
      try wire.expect(nothingBut: "tasks", "next")
      self = .tasks(
        try [TaskView]("tasks", wire: wire.tasks),
        next: try check("next", number: wire.next)
      )
    case .nodes:
      try wire.expect(nothingBut: "nodes")
      self = .nodes(try parts("nodes", wire.nodes, NodeView.init(wire:)))
    case .racks:
      try wire.expect(nothingBut: "racks")
      self = .racks(try parts("racks", wire.racks, RackView.init(wire:)))
    case .frameworks:
      try wire.expect(nothingBut: "frameworks")
      self = .frameworks(try parts("frameworks", wire.frameworks, FrameworkView.init(wire:)))
    case .offers:
      try wire.expect(nothingBut: "offers")
      self = .offers(try parts("offers", wire.offers, OfferView.init(wire:)))
    case .roles:
      try wire.expect(nothingBut: "roles")
      self = .roles(try parts("roles", wire.roles, RoleView.init(wire:)))
    case .users:
      try wire.expect(nothingBut: "users")
      self = .users(try parts("users", wire.users, UserView.init(wire:)))
    }
  }
}

extension Reeve_V1_Answer {
  fileprivate func expect(nothingBut wanted: String...) throws(WireError) {
    guard let other = kinds.subtracting(wanted).min() else { return }
    throw WireError(other, "in an answer that should have only \(wanted[0])")
  }
}
