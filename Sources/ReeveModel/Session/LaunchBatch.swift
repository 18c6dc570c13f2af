/// Tasks on their way to run, in the order in which they shall be considered.
package struct LaunchBatch: Hashable, Sendable {
  package var launches: [Launch]
  /// One a launch, in the same order.
  package var names: PackedStrings
  /// One list a launch, in the same order: what comes after the template's command.
  package var arguments: PackedLists
  /// One a launch, in the same order, or none at all: the value of a task of an array.
  package private(set) var values: PackedStrings
  /// Templates that this stream has not carried before.
  package private(set) var newTemplates: [NumberedTemplate]
  private var templateBytes = 0

  /// Of about so many bytes a batch is a message of its own: it is kept short of what a stream takes by one launch at most,
  /// and others need not wait long for their turn on it.
  private static let bytesMax = 4 << 20

  package struct Launch: Hashable, Sendable {
    package var attempt: AttemptID
    package var task: TaskNumber
    package var template: TemplateNumber
    /// Of a task of an array.
    package var index: UInt32?

    package init(attempt: AttemptID, task: TaskNumber, template: TemplateNumber, index: UInt32? = nil) {
      self.attempt = attempt
      self.task = task
      self.template = template
      self.index = index
    }
  }

  package init() {
    launches = []
    names = PackedStrings()
    arguments = PackedLists()
    values = PackedStrings()
    newTemplates = []
  }

  /// The same from its columns as they travel, which have been found to agree.
  package init(launches: [Launch], names: PackedStrings, arguments: PackedLists, values: PackedStrings) {
    self.launches = launches
    self.names = names
    self.arguments = arguments
    self.values = values
    newTemplates = []
  }

  package var count: Int { launches.count }
  package var isEmpty: Bool { launches.isEmpty }

  /// Whether it is to be sent before more is added.
  package var isFull: Bool {
    let texts = names.bytes.count + arguments.strings.bytes.count + values.bytes.count + templateBytes
    return texts + Self.launchBytes * count + Self.endBytes * arguments.strings.count >= Self.bytesMax
  }

  /// What a launch takes beside its texts, and where each of its arguments ends.
  private static let launchBytes = 32
  private static let endBytes = 4

  /// Adds a template, before the first launch of it.
  package mutating func carry(_ template: NumberedTemplate) {
    newTemplates.append(template)
    templateBytes += template.job.text.utf8.count + template.template.wireBytesMax
  }

  package mutating func takeTemplates() -> [NumberedTemplate] {
    defer { (newTemplates, templateBytes) = ([], 0) }
    return newTemplates
  }

  /// Takes one launch over from another batch. Its template is the caller's to add.
  package mutating func append(_ i: Int, of other: LaunchBatch) {
    launches.append(other.launches[i])
    names.append(i, of: other.names)
    arguments.append(i, of: other.arguments)
    if !other.values.isEmpty {
      padValues(to: launches.count - 1)
      values.append(i, of: other.values)
    } else if !values.isEmpty {
      values.append("")
    }
  }

  /// Adds a launch with the arguments of an entry and, in an array with values, the task's own.
  package mutating func append(
    _ launch: Launch,
    name: String,
    _ entry: Int,
    of lists: PackedLists,
    value: (PackedStrings, Int)?
  ) {
    launches.append(launch)
    names.append(name)
    arguments.append(entry, of: lists)
    if let (strings, element) = value {
      padValues(to: launches.count - 1)
      values.append(element, of: strings)
    } else if !values.isEmpty {
      values.append("")
    }
  }

  private mutating func padValues(to count: Int) {
    while values.count < count { values.append("") }
  }
}

/// A template under the number that launches name it by.
package struct NumberedTemplate: Hashable, Sendable {
  package var number: TemplateNumber
  package var job: JobID
  /// Whose share its tasks count to.
  package var role: RoleNumber
  package var template: TaskTemplate

  package init(
    number: TemplateNumber,
    job: JobID,
    role: RoleNumber = RoleNumber(0),
    template: TaskTemplate
  ) {
    self.number = number
    self.job = job
    self.role = role
    self.template = template
  }
}
