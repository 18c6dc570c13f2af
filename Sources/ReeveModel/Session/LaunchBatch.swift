/// Tasks on their way to run, in the order in which they shall be considered.
package struct LaunchBatch: Hashable, Sendable {
  package var launches: [Launch]
  /// One a launch, in the same order.
  package var names: PackedStrings
  /// One list a launch, in the same order: what comes after the template's command.
  package var arguments: PackedLists
  /// Templates that this stream has not carried before.
  package var newTemplates: [NumberedTemplate]

  package struct Launch: Hashable, Sendable {
    package var attempt: AttemptID
    package var task: TaskNumber
    package var template: TemplateNumber

    package init(attempt: AttemptID, task: TaskNumber, template: TemplateNumber) {
      self.attempt = attempt
      self.task = task
      self.template = template
    }
  }

  package init() {
    launches = []
    names = PackedStrings()
    arguments = PackedLists()
    newTemplates = []
  }

  package var count: Int { launches.count }
  package var isEmpty: Bool { launches.isEmpty }

  /// Takes one launch over from another batch. Its template is the caller's to add.
  package mutating func append(_ i: Int, of other: LaunchBatch) {
    launches.append(other.launches[i])
    names.append(i, of: other.names)
    arguments.append(i, of: other.arguments)
  }
}

/// A template under the number that launches name it by.
package struct NumberedTemplate: Hashable, Sendable {
  package var number: TemplateNumber
  package var job: JobID
  package var template: TaskTemplate

  package init(number: TemplateNumber, job: JobID, template: TaskTemplate) {
    self.number = number
    self.job = job
    self.template = template
  }
}
