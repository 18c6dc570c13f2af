extension TaskTemplate {
  /// Refuses what no task may ask for. Fields are called as in a job file, under `path` (`tasks[4]`).
  package func validate(at path: String) throws(Refusal) {
    try resources.validate(at: path)
    try validateTimes(at: path)
    if !Limits.priority.contains(priority) {
      throw Refusal(
        .invalid,
        field: "\(path).priority",
        """
        \(priority) is out of range. Use \(Limits.priority.lowerBound) to \(Limits.priority.upperBound); \
        larger is more urgent.
        """
      )
    }
    try validateDirectory(at: path)
    try validateEnvironment(at: path)
    try constraints.validate(field: "\(path).constraints")
    try labels.validateLabels(field: "\(path).labels")
    try validateRetry(at: path)
    try validateData(inputs, field: "\(path).inputs")
    try validateData(outputs, field: "\(path).outputs")
    for word in command { try validateWord(word, what: "argument", field: "\(path).command") }
    if command.first == "" { throw emptyProgram(at: path) }
  }

  private func validateTimes(at path: String) throws(Refusal) {
    if let timeLimit {
      let field = "\(path).time"
      if timeLimit <= .zero {
        throw Refusal(
          .invalid,
          field: field,
          "\(Quantity.text(timeLimit)) is no time to run in. Use more than 0, or leave it out for no limit."
        )
      }
      if timeLimit > Limits.timeLimit {
        throw Refusal(
          .invalid,
          field: field,
          "\(Quantity.text(timeLimit)) is more than ten years. Leave it out for no limit."
        )
      }
    }
    if let deadline, deadline <= .zero || deadline > Limits.timeLimit {
      throw Refusal(
        .invalid,
        field: "\(path).deadline",
        "\(Quantity.text(deadline)) after its submission is no deadline. Use more than 0, up to ten years."
      )
    }
    if grace < .zero || grace > Limits.grace {
      throw Refusal(
        .invalid,
        field: "\(path).grace",
        "\(Quantity.text(grace)) is out of range. Use 0s to 1h."
      )
    }
  }

  private func validateRetry(at path: String) throws(Refusal) {
    if retry.limit > Limits.retries {
      throw Refusal(
        .invalid,
        field: "\(path).retries",
        "\(retry.limit) retries are too many; the most is \(Limits.retries)."
      )
    }
    if retry.delay < .zero || retry.delay > Limits.timeLimit {
      throw Refusal(
        .invalid,
        field: "\(path).retries",
        "\(Quantity.text(retry.delay)) is no time to wait before a retry. Use 0s to ten years."
      )
    }
    if let reason = retry.reasons.first(where: { !$0.mayBeRetried }) {
      throw Refusal(
        .invalid,
        field: "\(path).retries",
        "\(reason.code.quoted) is no reason to try again. Use one of: "
          + "\(FailureReason.allCases.filter(\.mayBeRetried).map(\.code).joined(separator: ", "))."
      )
    }
    guard let warning else { return }
    guard TimeWarning.signals.contains(where: { $0.number == warning.signal }) else {
      throw Refusal(
        .invalid,
        field: "\(path).warning",
        "signal \(warning.signal) is none to warn with. Use one of: "
          + "\(TimeWarning.signals.map(\.name).joined(separator: ", "))."
      )
    }
    guard let timeLimit, warning.before > .zero, warning.before < timeLimit else {
      throw Refusal(
        .invalid,
        field: "\(path).warning",
        "a warning \(Quantity.text(warning.before)) before the time limit needs a time limit longer than that, "
          + "and is more than 0. \(timeLimit.map { "It is \(Quantity.text($0))." } ?? "There is none: give one with \"time\".")"
      )
    }
  }

  private func validateData(_ names: [String], field: String) throws(Refusal) {
    if names.count > Limits.dataNames {
      throw Refusal(
        .tooLarge,
        field: field,
        "\(names.count) names are too many; the most is \(Limits.dataNames)."
      )
    }
    for name in names {
      try refuseNUL(name, what: "name", field: field)
      if name.isEmpty || name.utf8.count > Limits.pathBytes {
        throw Refusal(
          .invalid,
          field: field,
          "\(name.quoted) is no name of data. Use 1 to \(Limits.pathBytes) bytes, such as \"scene.dat\"."
        )
      }
    }
  }

  private func validateDirectory(at path: String) throws(Refusal) {
    guard let directory else { return }
    let field = "\(path).directory"
    if directory.utf8.first != UInt8(ascii: "/") {
      throw Refusal(
        .invalid,
        field: field,
        "\(directory.quoted) is no absolute path. Begin it with '/', or leave it out for the task's own sandbox."
      )
    }
    if directory.utf8.count > Limits.pathBytes {
      throw Refusal(
        .invalid,
        field: field,
        "the path has \(directory.utf8.count) bytes; the system takes at most \(Limits.pathBytes)."
      )
    }
    try refuseNUL(directory, what: "path", field: field)
  }

  private func validateEnvironment(at path: String) throws(Refusal) {
    for variable in environment {
      let field = "\(path).env"
      if !variable.hasNameForEnvironment {
        throw Refusal(
          .invalid,
          field: field,
          """
          \(variable.name.quoted) is no name of a variable. Use 1 to \(Limits.nameBytes) printable ASCII \
          characters without '=', such as "MODE".
          """
        )
      }
      try validateWord(variable.value, what: "value of \(variable.name)", field: field)
    }
    try environment.validateOrder(what: "variable", field: "\(path).env")
  }
}

extension Resources {
  fileprivate func validate(at path: String) throws(Refusal) {
    if cpuMillis <= 0 || cpuMillis > Limits.cpuMillis {
      throw Refusal(
        .invalid,
        field: "\(path).cpus",
        "\(Quantity.text(cpuMillis: cpuMillis)) is out of range. Use more than 0 and at most 1000000 cores."
      )
    }
    // None is allowed: the task then counts for nothing in memory and gets no limit of its own.
    if memory != 0, memory < Limits.leastMemory || memory > Limits.bytes {
      throw Refusal(
        .invalid,
        field: "\(path).memory",
        """
        \(Quantity.text(bytes: memory)) is out of range. Use \(Quantity.text(bytes: Limits.leastMemory)) \
        to 1EiB, or 0 to ask for none.
        """
      )
    }
    if disk < 0 || disk > Limits.bytes {
      throw Refusal(
        .invalid,
        field: "\(path).disk",
        "\(Quantity.text(bytes: disk)) is out of range. Use 0 to 1EiB."
      )
    }
  }
}

extension TaskTemplate.Variable {
  /// Whatever a process can be given, short of what would break a line or a shell's listing.
  fileprivate var hasNameForEnvironment: Bool {
    (1...Limits.nameBytes).contains(name.utf8.count)
      && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "=") }
  }
}

extension [TaskTemplate.Variable] {
  func validateLabels(field: String) throws(Refusal) {
    for label in self {
      if label.name.isEmpty {
        throw Refusal(.invalid, field: field, "a label has no name. Write it as in {team: imaging}.")
      }
      try validateLine(label.name, field: field)
      try validateLine(label.value, field: field)
    }
    try validateOrder(what: "label", field: field)
  }

  /// Refuses names that are not sorted or come twice.
  func validateOrder(what: String, field: String) throws(Refusal) {
    for (a, b) in zip(self, dropFirst()) where a.name >= b.name {
      if a.name == b.name {
        throw Refusal(.duplicate, field: field, "the \(what) \(a.name.quoted) is given twice. Keep one.")
      }
      throw Refusal(
        .invalid,
        field: field,
        "the \(what)s are not sorted by name: \(b.name.quoted) comes after \(a.name.quoted)."
      )
    }
  }
}

/// Refuses what cannot be shown in a table: it takes one line, no controls.
func validateLine(_ text: String, field: String) throws(Refusal) {
  if text.utf8.count > Limits.nameBytes {
    throw Refusal(
      .invalid,
      field: field,
      "\(text.quoted) has \(text.utf8.count) bytes. Use at most \(Limits.nameBytes)."
    )
  }
  if !text.unicodeScalars.allSatisfy({ $0.isPrintable || $0 == " " }) {
    throw Refusal(
      .invalid,
      field: field,
      "\(text.quoted) has characters that cannot be shown. Use one line of plain text."
    )
  }
}

/// Refuses what the system takes neither as an argument nor as a variable's value.
func validateWord(_ text: String, what: String, field: String) throws(Refusal) {
  try refuseNUL(text, what: what, field: field)
  if text.utf8.count > Limits.argumentBytes { throw tooLong(text.utf8.count, what: what, field: field) }
}

func tooLong(_ bytes: Int, what: String, field: String) -> Refusal {
  Refusal(
    .tooLarge,
    field: field,
    "the \(what) has \(bytes) bytes; the system takes at most \(Limits.argumentBytes). Put it into a file."
  )
}

func refuseNUL(_ text: String, what: String, field: String) throws(Refusal) {
  guard text.utf8.contains(0) else { return }
  throw Refusal(.invalid, field: field, "the \(what) \(text.quoted) has a NUL byte in it. Leave it out.")
}

func emptyProgram(at path: String) -> Refusal {
  Refusal(
    .invalid,
    field: "\(path).command",
    #"the command is empty. Give a program and its arguments, such as ["echo", "hello"]."#
  )
}
