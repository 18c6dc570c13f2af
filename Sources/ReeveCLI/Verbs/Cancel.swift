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

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var output: JSONOption

  @concurrent func perform() async throws -> Int32 {
    try await selection.order(.cancel, output, nothing: "nothing to cancel: nothing of it was left to run") {
      "cancelling \($0)"
    }
  }
}

struct Hold: Verb {
  static let configuration = CommandConfiguration(
    commandName: "hold",
    abstract: "Keeps tasks from being started until they are released.",
    discussion: "What runs, or was given to a rack already, goes on."
  )

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var output: JSONOption

  @concurrent func perform() async throws -> Int32 {
    try await selection.order(.hold, output, nothing: "nothing to hold: nothing of it waits") {
      "holding \($0)"
    }
  }
}

struct Release: Verb {
  static let configuration = CommandConfiguration(
    commandName: "release",
    abstract: "Lets tasks start that were held."
  )

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var output: JSONOption

  @concurrent func perform() async throws -> Int32 {
    try await selection.order(.release, output, nothing: "nothing to release: nothing of it is held") {
      "released \($0)"
    }
  }
}

struct Priority: Verb {
  static let configuration = CommandConfiguration(
    commandName: "priority",
    abstract: "Sets the priority of what has not ended.",
    usage: "reeve priority <priority> <tasks> ...",
    discussion: "Larger is more urgent. It counts under the policy `priority`; see `reeve policy`."
  )

  @Argument(help: "From -1000000 to 1000000; a negative one after `--`.")
  var priority: Int32

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var output: JSONOption

  @concurrent func perform() async throws -> Int32 {
    try await selection.order(.priority(priority), output, nothing: "nothing to change: all had ended") {
      "\($0) now of priority \(priority)"
    }
  }
}

struct Retry: Verb {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Runs again what has failed, and what could not run because of it.",
    discussion:
      "What has completed stays as it is; of what runs again, each task waits once more for those that it depends on."
  )

  @Flag(help: "What has failed; the default.")
  var failed = false

  @Flag(help: "Also what was cancelled, by order or because its job was stopped.")
  var cancelled = false

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var output: JSONOption

  @concurrent func perform() async throws -> Int32 {
    let order = UserOrder.retry(alsoCancelled: cancelled)
    return try await selection.order(order, output, nothing: "nothing to run again: nothing of it has failed")
    {
      "running again: \($0)"
    }
  }
}

struct Close: Verb {
  static let configuration = CommandConfiguration(
    commandName: "close",
    abstract: "Closes open jobs: nothing more is added.",
    discussion:
      "What a job has goes on, and with its last task the job ends. To cancel an open job closes it too."
  )

  @Argument(help: "Jobs that were submitted with --open; `last` is your newest.")
  var jobs: [Selector]

  @OptionGroup var output: JSONOption

  func validate() throws { for job in jobs { try job.check() } }

  @concurrent func perform() async throws -> Int32 {
    for job in jobs { try job.checkWholeJob("close") }
    let count = try await ReeveClient.with(try ClusterAddress.find()) { client in
      var selectors: [TaskSelector] = []
      for job in jobs { selectors.append(try await job.resolve(client)) }
      return try await client.order(.close, selectors)
    }
    output.report(
      [Field("ordered", .integer(count))],
      line: "closed \(Amounts.count(jobs.count, "job")) of \(Amounts.count(count, "task"))"
    )
    return ExitStatus.done
  }
}

/// Which tasks an order is for.
struct SelectionOptions: ParsableArguments {
  @Argument(help: ArgumentHelp(Selector.help, valueName: "tasks"))
  var what: [Selector]

  @Option(help: "Only those in this state.")
  var state: ShownState?

  @Option(help: "Only those of this user.")
  var user: String?

  func validate() throws { for one in what { try one.check() } }

  /// Gives the order and says how many tasks it is for.
  func order(
    _ order: UserOrder,
    _ output: JSONOption,
    nothing: String,
    _ line: (_ tasks: String) -> String
  ) async throws -> Int32 {
    let count = try await ReeveClient.with(try ClusterAddress.find()) { client in
      var selectors: [TaskSelector] = []
      for selector in what {
        selectors.append(try await selector.resolve(client, state: state, user: user))
      }
      return try await client.order(order, selectors)
    }
    output.report(
      [Field("ordered", .integer(count))],
      line: count == 0 ? nothing : line(Amounts.count(count, "task"))
    )
    return ExitStatus.done
  }
}
