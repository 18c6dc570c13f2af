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
    /// What it asked for beside each core.
    package var memoryPerCore: Int64
    /// The longest that it may run, as its user said: never less than it ran, for nothing is killed here.
    package var limit: TimeSpan
    /// Logs have numbers for names.
    package var user: UserNumber

    package init(
      number: Int,
      submit: TimeSpan,
      run: TimeSpan,
      cores: Int,
      memoryPerCore: Int64 = 0,
      limit: TimeSpan? = nil,
      user: UserNumber = UserNumber(0)
    ) {
      self.number = number
      self.submit = submit
      self.run = run
      self.cores = cores
      self.memoryPerCore = memoryPerCore
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

  /// Leaves out what is larger than a machine, or than all of its nodes.
  package mutating func fit(cores: Int, nodes: NodeRooms? = nil) {
    let count = jobs.count
    jobs.removeAll { job in
      job.cores > cores || nodes.map { job.cores > $0.most(of: job) * $0.count } ?? false
    }
    dropped[.tooLarge] = count - jobs.count
  }
}
