import ArgumentParser
import Glibc
import ReeveAgent
import ReeveClient
import ReeveModel
import ReeveOutput
import ReeveShell

struct Up: Verb {
  static let configuration = CommandConfiguration(
    commandName: "up",
    abstract: "Runs a whole cluster on this machine, until Ctrl-C.",
    discussion: """
      Each role is a process of its own and is started again if it dies; what it logs is in DIR/log. Nodes share \
      the machine unless they are told what to offer. When all are up, the variables that lead to the cluster are \
      printed. Its data stay: the next `up` with the same directory carries on.
      """
  )

  @Option(help: "How many nodes (default: 1).") var nodes: Int?
  @Option(help: "How many racks; the nodes are spread over them.") var racks = 1

  @Option(
    help: "Cores that each node offers (default: its share of the machine, at least one).",
    transform: { try Quantity.cpuMillis($0, field: "") }
  )
  var cpus: Int64?

  @Option(
    help: "Memory that each node offers (default: its share of the machine).",
    transform: { try Quantity.bytes($0, field: "") }
  )
  var memory: Int64?

  @OptionGroup var attributes: AttributeOptions

  @Option(help: "Data directory (default: REEVE_DATA, or reeve where programs keep their state).")
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Where the master listens (default: the last address, or a free port).",
      valueName: "host:port"
    )
  )
  var address: String?

  @Flag(help: "Listens where other machines reach it, without TLS: for networks that you trust.")
  var insecure = false

  @OptionGroup var snapshots: SnapshotOptions
  @OptionGroup(title: "Virtual nodes") var virtual: VirtualOptions

  func validate() throws {
    guard (1...1_000).contains(racks) else { throw ValidationError("--racks is from 1 to 1000.") }
    guard nodes == nil || virtual.count == nil else {
      throw ValidationError("--nodes and --virtual both say how many nodes there are: give one of them.")
    }
    guard (racks...VirtualOptions.most).contains(nodeCount) else {
      throw ValidationError(
        "--\(virtual.count == nil ? "nodes" : "virtual") is from the number of racks to \(VirtualOptions.most)."
      )
    }
  }

  private var nodeCount: Int { virtual.count ?? nodes ?? 1 }

  @concurrent func perform() async throws -> Int32 {
    let given = try address.map { text throws(Refusal) in try Address(parsing: text) }
    let attributesOfNodes = try attributes.ofNodes(nodeCount)
    let directory = try DataDirectory(holding: data ?? ClusterAddress.dataDirectory())
    let address = given ?? directory.lastAddress ?? Address(host: "127.0.0.1", port: 0)
    try checkBindAddress(address, insecure: insecure)
    let cluster = LocalCluster(
      directory: directory,
      nodes: nodeCount,
      virtual: virtual.count == nil ? nil : virtual.arguments + attributes.arguments,
      racks: racks,
      share: try share(of: directory),
      attributes: attributesOfNodes,
      address: address,
      snapshotBytes: snapshots.every
    )
    return try await cluster.run()
  }

  private func share(of directory: DataDirectory) throws -> Resources {
    let machine = try discoverMachine(data: directory.path)
    return Resources(
      cpuMillis: cpus ?? max(1_000, machine.cpuMillis / Int64(nodeCount)),
      memory: memory ?? machine.memory / Int64(nodeCount),
      disk: machine.disk / Int64(nodeCount)
    )
  }
}
