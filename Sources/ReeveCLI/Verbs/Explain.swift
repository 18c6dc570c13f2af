import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput

struct Explain: Verb {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tells why a task is where it is.",
    discussion: """
      The first line has a stable code and a sentence; for what waits in the queue the rest says what is ahead of it, and \
      rack by rack how many nodes there are, how many meet its constraints, how many of those are large enough, and how many \
      such tasks could start now.
      """
  )

  @Argument(help: ArgumentHelp("JOB/TASK, JOB.17 of its array, or a job with one task.", valueName: "task"))
  var what: Selector

  @OptionGroup var output: JSONOption

  func validate() throws { try what.check() }

  @concurrent func perform() async throws -> Int32 {
    try await ReeveClient.with(try ClusterAddress.find()) { client in
      let explanation = ExplanationSheet(try await client.explain(try await what.resolve(client)))
      StandardOutput.write(
        output.json ? JSON.pretty(.object(explanation.fields)) + "\n" : explanation.text
      )
      StandardOutput.flush()
      return ExitStatus.done
    }
  }
}
