import ArgumentParser
import Glibc
import ReeveModel
import ReeveOutput

/// The list of verbs.
struct Reeve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reeve",
    abstract: "Runs commands on a cluster.",
    discussion: """
      REEVE_ADDRESS names the cluster's masters and REEVE_TOKEN_FILE its secret; a cluster that `reeve up` started \
      with the default data directory is found without them.

      Exit status: 0 done; 1 some task failed; 2 usage, or a file that cannot be read; 3 refused; 4 not found; \
      5 denied; 6 unavailable, worth a retry; 124 wait timed out; 125 Reeve itself failed; 130 interrupted. \
      `run`, and `wait` for one task, end with that task's own code, or 128 + n for signal n.
      """,
    groupedSubcommands: [
      CommandGroup(
        name: "Jobs:",
        subcommands: [
          Submit.self, Close.self, Run.self, Wait.self, Cancel.self, Hold.self, Release.self, Priority.self,
          Retry.self,
          Workflow.self,
        ]
      ),
      CommandGroup(
        name: "What there is:",
        subcommands: [
          Ps.self, Show.self, Logs.self, Explain.self, Top.self, Nodes.self, Racks.self, Policy.self,
          Frameworks.self, Offers.self, Roles.self,
        ]
      ),
      CommandGroup(
        name: "Clusters:",
        subcommands: [Up.self, MasterRole.self, RackRole.self, AgentRole.self]
      ),
      CommandGroup(name: "For editors and shells:", subcommands: [Schema.self, Completions.self]),
      CommandGroup(name: "Figures and proofs:", subcommands: [Bench.self, Simulate.self]),
    ]
  )
}

/// A verb that does something and says how that ended.
protocol Verb: ParsableCommand, Sendable {
  /// - Returns: the exit status.
  @concurrent func perform() async throws -> Int32
}

@main enum Main {
  static func main() async {
    // Before anything is parsed: a workflow's tasks are this program too, one process each.
    if let status = BurnTask.perform(CommandLine.arguments) { exit(status) }
    let status = await Self.perform(Array(CommandLine.arguments.dropFirst()))
    StandardOutput.flush()
    // What `print` holds back, too.
    fflush(nil)
    // Connections may be open and threads at work; there is nothing that they should still do.
    _exit(status)
  }

  @concurrent private static func perform(_ arguments: [String]) async -> Int32 {
    // What is written to a pipe that nobody reads any more is noticed where it is written.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parse(arguments)
      if let verb = command as? any Verb { return try await verb.perform() }
      try command.run()
      return ExitStatus.done
    } catch {
      StandardOutput.flush()
      return Complaint(error).report(asJSON: Complaint.wantsJSON(arguments))
    }
  }
  /// The verbs that people and scripts call often are parsed alone: to build the tree of all verbs takes milliseconds, at
  /// each start. What is not plainly right goes to the tree, which has the words for it.
  private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    let own = Array(arguments.dropFirst())
    let command: (any ParsableCommand)? =
      switch arguments.first {
      case "run": try? Run.parse(own)
      case "submit": try? Submit.parse(own)
      case "wait": try? Wait.parse(own)
      case "ps": try? Ps.parse(own)
      case "logs": try? Logs.parse(own)
      default: nil
      }
    return try command ?? Reeve.parseAsRoot(arguments)
  }
}
