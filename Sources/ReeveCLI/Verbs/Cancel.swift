import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput

struct Cancel: Verb {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Ends jobs or tasks, politely at first.",
    discussion: "What runs gets SIGTERM, its grace, and then SIGKILL. What has ended already stays as it is."
  )

  @Argument(help: ArgumentHelp("What to end; `last` is your newest job.", valueName: "job[/task]"))
  var what: [Selector]

  @OptionGroup var output: JSONOption

  func validate() throws {
    for one in what { try one.check() }
  }

  @concurrent func perform() async throws -> Int32 {
    try await ReeveClient.with(try ClusterAddress.find()) { client in
      var selectors: [TaskSelector] = []
      for selector in what { selectors.append(try await selector.resolve(client)) }
      let ordered = try await client.cancel(selectors)
      output.report(
        [Field("ordered", .integer(ordered))],
        line: ordered == 0
          ? "nothing to cancel: all had ended" : "cancelling \(Amounts.count(ordered, "task"))"
      )
      return ExitStatus.done
    }
  }
}
