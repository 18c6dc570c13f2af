import ArgumentParser
import ReeveClient
import ReeveJobFile
import ReeveModel
import ReeveOutput

struct Policy: Verb {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: "Shows or sets the order in which tasks are considered.",
    usage: """
      reeve policy
      reeve policy set <policy> [--criteria <file>] [--backfill]
      """,
    discussion: """
      fcfs: first come, first served: by submission, and within a job as its tasks were given.
      priority: the higher priority first, as criteria add it up; among equals first come, first served.
      sjf: the shortest first, by their time limits or what their like took; the others last.
      fair: the user first who has the least of the cluster; of one user first come, first served.

      Where the first does not fit into what is free now, a later one that does may pass it. A new policy holds at once, \
      for what waits already too; what runs goes on. What is not said is not so any more: criteria, and backfilling.
      """
  )

  @Argument(help: "`set`, to change it; without it the policy is shown.") var verb: String?

  @Argument(help: "One of: \(QueueOrder.words).")
  var policy: String?

  @Option(
    help: "YAML or JSON: what a priority is made of, and what users are due; - reads standard input.",
    completion: .file(extensions: ["yaml", "yml", "json"])
  )
  var criteria: String?

  @Flag(
    help: "Keeps room for the first that does not fit: others pass it where that does not delay it (EASY)."
  )
  var backfill = false

  @OptionGroup var output: JSONOption

  @concurrent func perform() async throws -> Int32 {
    let wanted = try setting()
    return try await ReeveClient.with(try ClusterAddress.find()) { client in
      if let wanted { _ = try await client.order(.policy(wanted), []) }
      let sheet = PolicySheet(try await client.policy())
      output.report(sheet.fields, line: sheet.text)
      return ExitStatus.done
    }
  }

  /// What is to be set, if anything is.
  private func setting() throws -> PolicySetting? {
    guard verb == nil || verb == "set" else {
      throw UsageError(
        "\((verb ?? "").quoted) is nothing that can be done with a policy. Write: reeve policy set priority"
      )
    }
    guard let policy else {
      guard verb == nil else { throw UsageError("which policy? Use one of: \(QueueOrder.words).") }
      guard criteria == nil, !backfill else {
        throw UsageError(
          "--criteria and --backfill are set with a policy. Write: reeve policy set priority --criteria FILE"
        )
      }
      return nil
    }
    return try PolicySetting(word: policy, criteria: criteria, backfills: backfill)
  }
}

extension PolicySetting {
  /// As the command line says it.
  init(word: String, criteria file: String?, backfills: Bool) throws {
    guard let order = QueueOrder(word: word) else {
      throw UsageError("\(word.quoted) is no policy. Use one of: \(QueueOrder.words).")
    }
    guard let file else {
      self.init(order, backfills: backfills)
      return
    }
    guard order == .priority || order == .fair else {
      throw UsageError(
        "--criteria are for the policies priority and fair; \(order.word) looks at nothing of them."
      )
    }
    self.init(order, backfills: backfills, criteria: try readCriteria(try readFile(file)))
  }
}
