import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput

struct Frameworks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frameworks",
    abstract: "Lists frameworks: what they have, want and are due, and why they get no more; removes one.",
    subcommands: [ListFrameworks.self, RemoveFramework.self],
    defaultSubcommand: ListFrameworks.self
  )
}

struct ListFrameworks: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists frameworks: what they have, want and are due, and why they get no more.",
    discussion: """
      `batch` is the built-in framework, which owns the queue. A share is the largest part of the cluster's cpus, memory \
      or disk that somebody has or is offered; the fair one is what is due by roles' weights and all that is wanted.
      """
  )

  @OptionGroup var list: ListOptions

  @concurrent func perform() async throws -> Int32 {
    let frameworks = try await ReeveClient.with(try ClusterAddress.find()) { try await $0.frameworks() }
    let output = ListOutput<FrameworkRow>(list.format)
    output.page(frameworks.map { FrameworkRow($0) })
    output.end()
    return ExitStatus.done
  }
}

struct RemoveFramework: Verb {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Ends a framework: its tasks are cancelled, its id is not taken again."
  )

  @Argument(help: ArgumentHelp("The framework's id; `reeve frameworks` lists them.", valueName: "framework"))
  var framework: String

  @OptionGroup var output: JSONOption

  @concurrent func perform() async throws -> Int32 {
    let ended = try await ReeveClient.with(try ClusterAddress.find()) {
      try await $0.order(.removeFramework(JobID(framework)), [])
    }
    output.report(
      [Field("framework", .text(framework)), Field("ended", .integer(ended))],
      line: "framework \(framework) is removed"
        + (ended > 0 ? "; \(Amounts.count(ended, "task")) had not ended" : "")
    )
    return ExitStatus.done
  }
}

struct Offers: Verb {
  static let configuration = CommandConfiguration(
    commandName: "offers",
    abstract: "Lists what is offered to frameworks and not answered yet."
  )

  @OptionGroup var list: ListOptions

  @concurrent func perform() async throws -> Int32 {
    let offers = try await ReeveClient.with(try ClusterAddress.find()) { try await $0.offers() }
    let output = ListOutput<OfferRow>(list.format)
    output.page(offers.map { OfferRow($0) })
    output.end()
    return ExitStatus.done
  }
}

struct Roles: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roles",
    abstract: "Lists roles, what they have and are due; sets their weights and quotas.",
    subcommands: [ListRoles.self, SetRole.self, ForgetRole.self],
    defaultSubcommand: ListRoles.self
  )
}

struct ListRoles: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists roles, what they have and are due.",
    discussion: """
      Frameworks belong to a role each: the queue to `batch`, others to the one that they name. Roles share the cluster by \
      their weights (Dominant Resource Fairness): the one that has least of what it is due goes first. Shares of the last \
      hour are means, as long as the leading master has led.
      """
  )

  @Flag(
    help: "Lists users instead: what each has of what they have together, and is due by the policy's shares."
  )
  var users = false

  @OptionGroup var list: ListOptions

  @concurrent func perform() async throws -> Int32 {
    if users { return try await listUsers() }
    let roles = try await ReeveClient.with(try ClusterAddress.find()) { try await $0.roles() }
    let output = ListOutput<RoleRow>(list.format)
    output.page(roles.map { RoleRow($0) })
    output.end()
    return ExitStatus.done
  }

  @concurrent private func listUsers() async throws -> Int32 {
    let users = try await ReeveClient.with(try ClusterAddress.find()) { try await $0.users() }
    let output = ListOutput<UserRow>(list.format)
    output.page(users.map { UserRow($0) })
    output.end()
    return ExitStatus.done
  }
}

struct SetRole: Verb {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Sets a role's weight, guarantee or limit; the rest stays as it is.",
    discussion: """
      A role below its guarantee goes before those that are not; no role gets beyond its limit. What is not named of a \
      quota is not bounded by it. Holds at once.

      Examples:
        reeve roles set research --weight 2
        reeve roles set research --guarantee cpus=64,memory=256GiB --limit cpus=512
        reeve roles set research --limit none
      """
  )

  @Argument(help: ArgumentHelp("The role's name; one that nobody has named yet is made.", valueName: "role"))
  var role: String

  @Option(
    help: ArgumentHelp("What it is due beside others: above 0; 1 where nothing is set.", valueName: "number")
  )
  var weight: String?

  @Option(
    help: ArgumentHelp("What it gets before others get more than theirs, or `none`.", valueName: "amounts")
  )
  var guarantee: String?

  @Option(help: ArgumentHelp("What it never gets more of, or `none`.", valueName: "amounts"))
  var limit: String?

  @OptionGroup var output: JSONOption

  @concurrent func perform() async throws -> Int32 {
    let change = RoleChange(
      name: role,
      weight: try weight.map(Self.weight),
      guarantee: try guarantee.map { try RoleChange.Quota(parsing: $0, field: "guarantee") },
      limit: try limit.map { try RoleChange.Quota(parsing: $0, field: "limit") }
    )
    try change.validate()
    return try await ReeveClient.with(try ClusterAddress.find()) { client in
      _ = try await client.order(.role(change), [])
      let row = try await client.roles().first { $0.role.name == role }.map { RoleRow($0) }
      output.report(row?.fields ?? [], line: "role \(role) is set")
      return ExitStatus.done
    }
  }

  private static func weight(_ text: String) throws -> Double {
    guard let weight = Double(text) else {
      throw UsageError("weight \(text.quoted) is no number. Write one above 0, such as 2 or 0.5.")
    }
    return weight
  }
}

struct ForgetRole: Verb {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Takes back all that was set of a role: weight 1, no guarantee, no limit."
  )

  @Argument(help: ArgumentHelp("The role's name; `reeve roles` lists them.", valueName: "role")) var role:
    String

  @OptionGroup var output: JSONOption

  @concurrent func perform() async throws -> Int32 {
    _ = try await ReeveClient.with(try ClusterAddress.find()) { try await $0.order(.forgetRole(role), []) }
    output.report([Field("role", .text(role))], line: "role \(role) is as if it had never been set")
    return ExitStatus.done
  }
}
