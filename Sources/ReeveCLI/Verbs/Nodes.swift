import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput

struct Nodes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nodes",
    abstract: "Lists nodes, what they have and what is free; strikes lost ones off.",
    subcommands: [ListNodes.self, ForgetNode.self],
    defaultSubcommand: ListNodes.self
  )
}

struct ListNodes: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists nodes, what they have and what is free."
  )

  @OptionGroup var list: ListOptions

  @concurrent func perform() async throws -> Int32 {
    let nodes = try await ReeveClient.with(try ClusterAddress.find()) { try await $0.nodes() }
    let output = ListOutput<NodeRow>(list.format)
    output.page(nodes.sorted { byName($0.status.name, $1.status.name) }.map { NodeRow($0) })
    output.end()
    return ExitStatus.done
  }
}

struct ForgetNode: Verb {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Strikes a lost node off.",
    discussion: """
      Tasks that wait for the node are queued again, without what it did for them. An agent of that name that comes \
      later is a new node, and what it still runs is ended.
      """
  )

  @Argument(
    help: ArgumentHelp("The node's name; `reeve nodes` lists them.", valueName: "node"),
    completion: .nodes
  )
  var node: String

  @OptionGroup var output: JSONOption

  @concurrent func perform() async throws -> Int32 {
    let waited = try await ReeveClient.with(try ClusterAddress.find()) { try await $0.forget(node: node) }
    output.report(
      [Field("node", .text(node)), Field("waited", .integer(waited))],
      line: "node \(node) is forgotten"
        + (waited > 0 ? "; \(Amounts.count(waited, "task")) waited for it" : "")
    )
    return ExitStatus.done
  }
}

struct Racks: Verb {
  static let configuration = CommandConfiguration(
    commandName: "racks",
    abstract: "Lists racks, what they have and what is free."
  )

  @OptionGroup var list: ListOptions

  @concurrent func perform() async throws -> Int32 {
    let racks = try await ReeveClient.with(try ClusterAddress.find()) { try await $0.racks() }
    let output = ListOutput<RackRow>(list.format)
    output.page(racks.sorted { byName($0.name, $1.name) }.map { RackRow($0) })
    output.end()
    return ExitStatus.done
  }
}
