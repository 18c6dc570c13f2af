package import ReeveModel

extension Reeve_V1_JobSpec {
  package init(_ spec: JobSpec) {
    self.init(head: spec)
    if spec.count > 0 { tasks = Reeve_V1_TaskColumns(spec) }
  }

  /// Everything but the tasks.
  init(head spec: JobSpec) {
    self.init()
    id = spec.id.text
    name = spec.name
    user = spec.user
    labels = spec.labels.map { Reeve_V1_Variable($0) }
    templates = spec.templates.map { Reeve_V1_TaskTemplate($0) }
  }
}

extension JobSpec {
  package init(wire: Reeve_V1_JobSpec) throws(WireError) {
    try self.init(first: wire)
    try part("tasks") { () throws(WireError) in try checkDependencies() }
  }

  /// The first chunk of a job: its tasks may wait for some that are still to come.
  init(first wire: Reeve_V1_JobSpec) throws(WireError) {
    self.init(
      id: JobID(wire.id),
      name: wire.name,
      user: wire.user,
      labels: wire.labels.map { TaskTemplate.Variable(wire: $0) }
    )
    templates = try parts("templates", wire.templates, TaskTemplate.init(wire:))
    do { try append(wire: wire.tasks) } catch { throw error.inside("tasks") }
  }
}
