import ArgumentParser
import ReeveClient
import ReeveOutput

struct Nodes: Verb {
  static let configuration = CommandConfiguration(abstract: "Lists nodes, what they have and what is free.")

  @OptionGroup var list: ListOptions

  @concurrent func perform() async throws -> Int32 {
    let nodes = try await ReeveClient.with(try ClusterAddress.find()) { try await $0.nodes() }
    let output = ListOutput<NodeRow>(list.format)
    output.page(nodes.map { NodeRow($0) })
    output.end()
    return ExitStatus.done
  }
}

struct Racks: Verb {
  static let configuration = CommandConfiguration(abstract: "Lists racks, what they have and what is free.")

  @OptionGroup var list: ListOptions

  @concurrent func perform() async throws -> Int32 {
    let racks = try await ReeveClient.with(try ClusterAddress.find()) { try await $0.racks() }
    let output = ListOutput<RackRow>(list.format)
    output.page(racks.map { RackRow($0) })
    output.end()
    return ExitStatus.done
  }
}
