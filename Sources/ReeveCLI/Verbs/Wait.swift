import ArgumentParser
import Glibc
import ReeveClient
import ReeveModel
import ReeveOutput

struct Wait: Verb {
  static let configuration = CommandConfiguration(
    commandName: "wait",
    abstract: "Waits until jobs have ended.",
    discussion: """
      Ends with a single task's own code; else with 0 where all tasks completed and 1 where some did not. \
      A master that goes away is waited for.
      """
  )

  @Argument(help: "Jobs; `last` is your newest.")
  var jobs: [Selector]

  @Option(help: "Gives up after so long, such as 10m, with status 124.") var timeout: String?

  @Flag(name: .shortAndLong, help: "Shows no progress.")
  var quiet = false

  @OptionGroup var output: JSONOption

  func validate() throws {
    for job in jobs { try job.check() }
  }

  @concurrent func perform() async throws -> Int32 {
    let limit = try timeout.map { text throws(Refusal) in try Quantity.duration(text, field: "--timeout") }
    for job in jobs { try job.checkWholeJob("wait") }
    return try await ReeveClient.with(try ClusterAddress.find()) { client in
      var ids: [JobID] = []
      for job in jobs {
        let id = try await job.jobID(client)
        if !ids.contains(id) { ids.append(id) }
      }
      var wait = JobWait(jobs: ids, quiet: quiet || output.json)
      wait.timeout = limit.map { .microseconds($0.microseconds) }
      wait.onEnd = { jobs in
        guard output.json else { return }
        for job in jobs { StandardOutput.write(JSON.line(.object(JobRow(job).fields)) + "\n") }
      }
      return try await wait.perform(client)
    }
  }
}

/// Waits for jobs, showing how far they are.
struct JobWait: Sendable {
  var jobs: [JobID]
  var quiet: Bool
  var timeout: Duration?
  var onEnd: @Sendable ([JobProgress]) -> Void = { _ in }

  init(jobs: [JobID], quiet: Bool) {
    self.jobs = jobs
    self.quiet = quiet
  }

  /// - Returns: the exit status.
  @concurrent func perform(_ client: ReeveClient) async throws -> Int32 {
    let names = jobs.map(\.text).joined(separator: " ")
    Interruption.explain(
      "the \(jobs.count == 1 ? "job goes" : "jobs go") on. Follow with: reeve wait \(names)"
    )
    let display = ProgressDisplay(jobs: jobs.count, quiet: quiet)
    let ended = try await withThrowingTaskGroup(of: [JobProgress]?.self) { group in
      group.addTask {
        try await client.watch(jobs, patience: .announced(display.say), onProgress: display.note)
      }
      if let timeout {
        group.addTask {
          try await Task.sleep(for: timeout)
          return nil
        }
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
    display.end()
    guard let ended else {
      StandardError.write("reeve: gave up waiting; the work goes on. Follow with: reeve wait \(names)\n")
      return ExitStatus.timedOut
    }
    onEnd(ended)
    return ExitStatus.of(ended)
  }
}

extension Patience {
  /// For ever, with a line when the master goes away.
  static func announced(_ say: @escaping @Sendable (String) -> Void) -> Patience {
    Patience { refusal in say("reeve: \(refusal.message); trying again until it is back") }
  }
}
