import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput

struct Nodes: Verb {
  static let configuration = CommandConfiguration(
    commandName: "nodes",
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
