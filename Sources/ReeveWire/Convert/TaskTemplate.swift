package import ReeveModel

extension Reeve_V1_Variable {
  package init(_ variable: TaskTemplate.Variable) {
    self.init()
    name = variable.name
    value = variable.value
  }
}

extension TaskTemplate.Variable {
  package init(wire: Reeve_V1_Variable) {
    self.init(name: wire.name, value: wire.value)
  }
}

extension Reeve_V1_TaskTemplate {
  package init(_ template: TaskTemplate) {
    self.init()
    command = template.command
    environment = template.environment.map { Reeve_V1_Variable($0) }
    resources = Reeve_V1_Resources(template.resources)
    timeLimitMicros = template.timeLimit?.microseconds ?? 0
    graceMicros = template.grace.microseconds
    priority = template.priority
    directory = template.directory ?? ""
    onNodeLoss = UInt32(template.onNodeLoss.rawValue)
  }
}

extension TaskTemplate {
  /// Sizes only: whether names are sorted, and whether anything can run it, is the scheduler's to say.
  package init(wire: Reeve_V1_TaskTemplate) throws(WireError) {
    guard let onNodeLoss = UInt8(exactly: wire.onNodeLoss).flatMap(NodeLossChoice.init(rawValue:)) else {
      throw WireError("on_node_loss", "\(wire.onNodeLoss) is no choice that this version knows")
    }
    self.init(
      command: wire.command,
      environment: wire.environment.map { Variable(wire: $0) },
      resources: try Resources("resources", wire: wire.resources, in: WireLimits.amounts),
      timeLimit: try TimeSpan.limit("time_limit_micros", wire: wire.timeLimitMicros),
      grace: try TimeSpan("grace_micros", wire: wire.graceMicros),
      priority: wire.priority,
      onNodeLoss: onNodeLoss,
      directory: wire.directory.isEmpty ? nil : wire.directory
    )
  }
}

extension Reeve_V1_NumberedTemplate {
  package init(_ numbered: NumberedTemplate) {
    self.init()
    number = numbered.number.rawValue
    job = numbered.job.text
    template = Reeve_V1_TaskTemplate(numbered.template)
  }
}

extension NumberedTemplate {
  package init(wire: Reeve_V1_NumberedTemplate) throws(WireError) {
    self.init(
      number: TemplateNumber(wire.number),
      job: JobID(wire.job),
      template: try part("template") { () throws(WireError) in try TaskTemplate(wire: wire.template) }
    )
  }
}
