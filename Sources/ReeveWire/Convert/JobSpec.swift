package import ReeveModel

extension Reeve_V1_JobSpec {
  package init(_ spec: JobSpec) {
    self.init(head: spec)
    if spec.entryCount > 0 { tasks = Reeve_V1_TaskColumns(spec) }
  }

  /// Everything but the tasks.
  init(head spec: JobSpec) {
    self.init()
    id = spec.id.text
    name = spec.name
    user = spec.user
    labels = spec.labels.map { Reeve_V1_Variable($0) }
    templates = spec.templates.map { Reeve_V1_TaskTemplate($0) }
    failuresMax = spec.failuresMax
    held = spec.isHeld
    mayWaitForNodes = spec.mayWaitForNodes
    open = spec.isOpen
    addition = spec.addition
    outerDependencies = spec.outerDependencies.map { Reeve_V1_OuterDependency($0) }
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
    failuresMax = wire.failuresMax
    isHeld = wire.held
    mayWaitForNodes = wire.mayWaitForNodes
    isOpen = wire.open
    addition = wire.addition
    templates = try parts("templates", wire.templates, TaskTemplate.init(wire:))
    outerDependencies = try parts(
      "outer_dependencies",
      wire.outerDependencies,
      OuterDependency.init(wire:)
    )
    do { try append(wire: wire.tasks) } catch { throw error.inside("tasks") }
  }
}

extension Reeve_V1_OuterDependency {
  fileprivate init(_ outer: OuterDependency) {
    self.init()
    entry = outer.entry
    job = outer.job.text
    task = outer.task
    kind = UInt32(outer.kind.code)
  }
}

extension OuterDependency {
  fileprivate init(wire: Reeve_V1_OuterDependency) throws(WireError) {
    guard let kind = UInt8(exactly: wire.kind).flatMap(DependencyKind.init(code:)) else {
      throw WireError("kind", "\(wire.kind) is none that this version knows")
    }
    self.init(entry: wire.entry, job: JobID(wire.job), task: wire.task, kind)
  }
}
