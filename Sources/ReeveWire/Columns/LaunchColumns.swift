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
    if batch.launches.contains(where: { $0.index != nil }) {
      indices = batch.launches.map { $0.index.map { $0 + 1 } ?? 0 }
    }
    if !batch.values.isEmpty { values = Reeve_V1_PackedStrings(batch.values) }
  }
}

extension LaunchBatch {
  package init(wire: Reeve_V1_LaunchColumns) throws(WireError) {
    let carried = try parts("new_templates", wire.newTemplates, NumberedTemplate.init(wire:))
    let (attempts, tasks, templates) = (wire.attempts, wire.tasks, wire.templates)
    try check("tasks", length: tasks.count, is: attempts.count)
    try check("templates", length: templates.count, is: attempts.count)
    try check("tasks", tasks, bits: WireLimits.numberBits)
    let names = try PackedStrings("names", wire: wire.names)
    let arguments = try PackedLists("arguments", wire: wire.arguments)
    let (indices, values) = (wire.indices, try PackedStrings("values", wire: wire.values))
    try check("names", length: names.count, is: attempts.count)
    try check("arguments", length: arguments.count, is: attempts.count)
    if !indices.isEmpty { try check("indices", length: indices.count, is: attempts.count) }
    if !values.isEmpty { try check("values", length: values.count, is: attempts.count) }
    let launches = attempts.indices.map { i in
      Launch(
        attempt: AttemptID(attempts[i]),
        task: TaskNumber(tasks[i]),
        template: TemplateNumber(templates[i]),
        index: indices.isEmpty || indices[i] == 0 ? nil : indices[i] - 1
      )
    }
    self.init(launches: launches, names: names, arguments: arguments, values: values)
    for template in carried { carry(template) }
  }

  init(_ field: String, wire: Reeve_V1_LaunchColumns) throws(WireError) {
    self = try part(field) { () throws(WireError) in try LaunchBatch(wire: wire) }
  }
}
