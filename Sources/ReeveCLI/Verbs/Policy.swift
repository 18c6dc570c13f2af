import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput

struct Policy: Verb {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: "Shows or sets the order in which tasks are considered.",
    usage: """
      reeve policy
      reeve policy set <policy>
      """,
    discussion: """
      fcfs: first come, first served: by submission, and within a job as its tasks were given.
      priority: the higher priority first; among equals first come, first served.

      Where the first does not fit into what is free now, a later one that does may pass it. A new policy holds at once, \
      for what waits already too; what runs goes on.
      """
  )

  @Argument(help: "`set`, to change it; without it the policy is shown.") var verb: String?

  @Argument(help: "One of: \(QueueOrder.words).")
  var policy: String?

  @OptionGroup var output: JSONOption

  @concurrent func perform() async throws -> Int32 {
    guard verb == nil || verb == "set" else {
      throw UsageError(
        "\((verb ?? "").quoted) is nothing that can be done with a policy. Write: reeve policy set priority"
      )
    }
    guard verb == nil || policy != nil else {
      throw UsageError(
        "which policy? Use one of: \(QueueOrder.words)."
      )
    }
    let wanted = try policy.map { name in
      guard let order = QueueOrder(word: name) else {
        throw UsageError(
          "\(name.quoted) is no policy. Use one of: \(QueueOrder.words)."
        )
      }
      return order
    }
    return try await ReeveClient.with(try ClusterAddress.find()) { client in
      if let wanted { _ = try await client.order(.policy(wanted), []) }
      let order = try await client.policy()
      output.report([Field("policy", .text(order.word))], line: order.word)
      return ExitStatus.done
    }
  }
}
