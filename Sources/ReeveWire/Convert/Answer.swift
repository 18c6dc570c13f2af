package import ReeveModel

extension Reeve_V1_Answer {
  package init(_ answer: Answer) {
    self.init()
    switch answer {
    case .jobs(let jobs): self.jobs = jobs.map { Reeve_V1_JobProgress($0) }
    case .tasks(let tasks, let next):
      self.tasks = tasks.map { Reeve_V1_TaskView($0) }
      self.next = next
    case .nodes(let nodes): self.nodes = nodes.map { Reeve_V1_NodeView($0) }
    case .racks(let racks): self.racks = racks.map { Reeve_V1_RackView($0) }
    case .refused(let refusal): problem = Reeve_V1_Problem(refusal)
    }
  }

  /// The fields with something in them.
  fileprivate var kinds: Set<String> {
    var kinds: Set<String> = []
    if !jobs.isEmpty { kinds.insert("jobs") }
    if !tasks.isEmpty || next != 0 { kinds.insert("tasks") }
    if !nodes.isEmpty { kinds.insert("nodes") }
    if !racks.isEmpty { kinds.insert("racks") }
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
      try wire.expect(nothingBut: "jobs")
      self = .jobs(try parts("jobs", wire.jobs, JobProgress.init(wire:)))
    case .tasks:
      try wire.expect(nothingBut: "tasks")
      self = .tasks(
        try parts("tasks", wire.tasks, TaskView.init(wire:)),
        next: try check("next", number: wire.next)
      )
    case .nodes:
      try wire.expect(nothingBut: "nodes")
      self = .nodes(try parts("nodes", wire.nodes, NodeView.init(wire:)))
    case .racks:
      try wire.expect(nothingBut: "racks")
      self = .racks(try parts("racks", wire.racks, RackView.init(wire:)))
    }
  }
}

extension Reeve_V1_Answer {
  fileprivate func expect(nothingBut kind: String) throws(WireError) {
    guard let other = kinds.subtracting([kind]).min() else { return }
    throw WireError(other, "in an answer that should have only \(kind)")
  }
}
