import FoundationEssentials
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

extension Reeve_V1_AttributeConstraint {
  package init(_ constraint: AttributeConstraint) {
    self.init()
    attribute = constraint.attribute
    values = constraint.values
    not = constraint.isNegated
  }
}

extension AttributeConstraint {
  package init(wire: Reeve_V1_AttributeConstraint) {
    self.init(wire.attribute, in: wire.values, isNegated: wire.not)
  }
}

extension Reeve_V1_TaskTemplate {
  package init(_ template: TaskTemplate) {
    self.init()
    command = template.command
    environment = template.environment.map { Reeve_V1_Variable($0) }
    resources = Reeve_V1_Resources(template.resources)
    constraints = template.constraints.map { Reeve_V1_AttributeConstraint($0) }
    timeLimitMicros = template.timeLimit?.microseconds ?? 0
    deadlineMicros = template.deadline?.microseconds ?? 0
    graceMicros = template.grace.microseconds
    priority = template.priority
    directory = template.directory ?? ""
    onNodeLoss = UInt32(template.onNodeLoss.rawValue)
    labels = template.labels.map { Reeve_V1_Variable($0) }
    inputs = template.inputs
    outputs = template.outputs
    if template.retry != RetryRule() { retry = Reeve_V1_RetryRule(template.retry) }
    guard let warning = template.warning else { return }
    self.warning.signal = warning.signal
    self.warning.beforeMicros = warning.before.microseconds
  }
}

extension Reeve_V1_RetryRule {
  fileprivate init(_ rule: RetryRule) {
    self.init()
    limit = UInt32(rule.limit)
    delayMicros = rule.delay.microseconds
    exitCodes = Data(rule.exitCodes)
    reasons = Data(rule.reasons.map(\.rawValue))
  }
}

extension RetryRule {
  fileprivate init(wire: Reeve_V1_RetryRule) throws(WireError) {
    guard let limit = UInt16(exactly: wire.limit) else {
      throw WireError("limit", "\(wire.limit) is more than \(UInt16.max)")
    }
    self.init(
      limit: limit,
      delay: try TimeSpan("delay_micros", wire: wire.delayMicros),
      exitCodes: [UInt8](wire.exitCodes),
      reasons: try cases("reasons", wire.reasons)
    )
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
      constraints: wire.constraints.map { AttributeConstraint(wire: $0) },
      timeLimit: try TimeSpan.limit("time_limit_micros", wire: wire.timeLimitMicros),
      deadline: try TimeSpan.limit("deadline_micros", wire: wire.deadlineMicros),
      grace: try TimeSpan("grace_micros", wire: wire.graceMicros),
      priority: wire.priority,
      onNodeLoss: onNodeLoss,
      directory: wire.directory.isEmpty ? nil : wire.directory,
      retry: wire.hasRetry
        ? try part("retry") { () throws(WireError) in try RetryRule(wire: wire.retry) } : RetryRule(),
      warning: wire.hasWarning
        ? TimeWarning(
          signal: wire.warning.signal,
          before: try TimeSpan("warning.before_micros", wire: wire.warning.beforeMicros)
        ) : nil,
      labels: wire.labels.map { Variable(wire: $0) },
      inputs: wire.inputs,
      outputs: wire.outputs
    )
  }
}

extension Reeve_V1_NumberedTemplate {
  package init(_ numbered: NumberedTemplate) {
    self.init()
    number = numbered.number.rawValue
    job = numbered.job.text
    role = numbered.role.rawValue
    template = Reeve_V1_TaskTemplate(numbered.template)
  }
}

extension NumberedTemplate {
  package init(wire: Reeve_V1_NumberedTemplate) throws(WireError) {
    self.init(
      number: TemplateNumber(wire.number),
      job: JobID(wire.job),
      role: RoleNumber(wire.role),
      template: try part("template") { () throws(WireError) in try TaskTemplate(wire: wire.template) }
    )
  }
}
