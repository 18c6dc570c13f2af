package import ReeveModel

/// What a job log of a real machine, or of a model of one, says of when which jobs came, and what they took.
package struct JobTrace: Equatable, Sendable {
  /// In the order of the file.
  package var jobs: [Job] = []
  /// How many lines of jobs were read.
  package var lines = 0
  /// Why jobs were left out, and how many for each reason.
  package var dropped: [Omission: Int] = [:]
  /// The machine, as the header calls it.
  package var computer: String?
  /// Its processors, as the header says.
  package var cores: Int?

  package init() {}

  package struct Job: Equatable, Sendable {
    package var number: Int
    /// From the beginning of the log.
    package var submit: TimeSpan
    package var run: TimeSpan
    package var cores: Int
    /// The longest that it may run, as its user said: never less than it ran, for nothing is killed here.
    package var limit: TimeSpan
    package var user: Int

    package init(
      number: Int,
      submit: TimeSpan,
      run: TimeSpan,
      cores: Int,
      limit: TimeSpan? = nil,
      user: Int = 0
    ) {
      self.number = number
      self.submit = submit
      self.run = run
      self.cores = cores
      self.limit = max(limit ?? run, run)
      self.user = user
    }
  }

  /// Why a job is left out.
  package enum Omission: String, CaseIterable, Sendable {
    case noRunTime = "run time unknown"
    case noCores = "processors unknown"
    case neverStarted = "never started"
    case tooLarge = "larger than the machine"
  }

  /// Leaves out what is larger than a machine.
  package mutating func fit(cores: Int) {
    let count = jobs.count
    jobs.removeAll { $0.cores > cores }
    dropped[.tooLarge] = count - jobs.count
  }
}
