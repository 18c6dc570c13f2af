package import ReeveModel

extension Reeve_V1_LaunchColumns {
  package init(_ batch: LaunchBatch) {
    self.init()
    newTemplates = batch.newTemplates.map { Reeve_V1_NumberedTemplate($0) }
    guard !batch.isEmpty else { return }
    attempts = batch.launches.map { $0.attempt.rawValue }
    tasks = batch.launches.map { $0.task.rawValue }
    templates = batch.launches.map { $0.template.rawValue }
    names = Reeve_V1_PackedStrings(batch.names)
    arguments = Reeve_V1_PackedLists(batch.arguments)
  }
}

extension LaunchBatch {
  package init(wire: Reeve_V1_LaunchColumns) throws(WireError) {
    self.init()
    newTemplates = try parts("new_templates", wire.newTemplates, NumberedTemplate.init(wire:))
    let (attempts, tasks, templates) = (wire.attempts, wire.tasks, wire.templates)
    try check("tasks", length: tasks.count, is: attempts.count)
    try check("templates", length: templates.count, is: attempts.count)
    try check("tasks", tasks, bits: WireLimits.numberBits)
    names = try PackedStrings("names", wire: wire.names)
    arguments = try PackedLists("arguments", wire: wire.arguments)
    try check("names", length: names.count, is: attempts.count)
    try check("arguments", length: arguments.count, is: attempts.count)
    launches = attempts.indices.map { i in
      Launch(
        attempt: AttemptID(attempts[i]),
        task: TaskNumber(tasks[i]),
        template: TemplateNumber(templates[i])
      )
    }
  }

  init(_ field: String, wire: Reeve_V1_LaunchColumns) throws(WireError) {
    self = try part(field) { () throws(WireError) in try LaunchBatch(wire: wire) }
  }
}
