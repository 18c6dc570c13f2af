import ArgumentParser
import ReeveClient
import ReeveModel

/// Jobs that tasks are added to.
struct OpenOptions: ParsableArguments {
  @Flag(
    help:
      "Leaves the job open: more can be added, with --job, until `reeve close`. It may begin without a command."
  )
  var open = false

  @Option(
    help: ArgumentHelp(
      "Adds to an open job instead of making one of its own; `last` is your newest. With --wait, all of it is waited for.",
      valueName: "job"
    )
  )
  var job: Selector?

  /// What is added, and to which job.
  struct Addition: Sendable {
    var job: JobID
    var name: String
  }

  /// `nil` where a job of its own is made.
  func addition(named id: String?) async throws -> Addition? {
    guard let job else { return nil }
    if open {
      throw UsageError("either --open or --job, not both: the job that is added to is open already.")
    }
    try job.checkWholeJob("--job")
    let head = try await ReeveClient.with(try ClusterAddress.find()) { try await job.jobID($0) }
    return Addition(job: head, name: id ?? JobID.random().text)
  }
}

extension JobSpec {
  /// Makes a job of one entry an addition to another. Without a name for the entry it gets one that is made of the addition's,
  /// for ids are unique in a job.
  mutating func add(to addition: OpenOptions.Addition, name: String?) {
    id = addition.job
    self.addition = addition.name
    self.name = ""
    taskNames = PackedStrings([name ?? "\(taskNames[0])-\(addition.name)"])
  }
}
