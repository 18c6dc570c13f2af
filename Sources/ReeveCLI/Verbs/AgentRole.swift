import ArgumentParser
import ReeveAgent
import ReeveClient
import ReeveModel
import ReeveOutput
import ReeveShell

struct AgentRole: Verb {
  static let configuration = CommandConfiguration(
    commandName: "agent",
    abstract: "Runs the agent of a node, as its own process.",
    discussion: """
      With --virtual N one process plays the agents of N nodes, NAME-0001 and on. Masters and rack schedulers cannot \
      tell them from others, but what they are given only seems to run. They keep nothing: when the process is gone, \
      so is what they ran.
      """
  )

  @Option(help: "The node's name.") var name: String

  @Option(
    help: """
      The rack that it stands in (default: the master chooses); repeat it, and virtual nodes are spread over several.
      """
  )
  var rack: [String] = []

  func validate() throws {
    try check(
      virtual.count.map { VirtualOptions.names($0, of: name) }?.last ?? name,
      of: "node",
      as: "--name"
    )
    for one in rack { try check(one, of: "rack", as: "--rack") }
    guard rack.count <= 1 || virtual.count != nil else {
      throw ValidationError(
        "--rack is there \(rack.count) times: a node stands in one rack. Only --virtual nodes are several."
      )
    }
  }

  @Option(
    help: "Cores to offer (default: the machine's).",
    transform: { try Quantity.cpuMillis($0, field: "") }
  )
  var cpus: Int64?

  @Option(help: "Memory to offer (default: the machine's).", transform: { try Quantity.bytes($0, field: "") })
  var memory: Int64?

  @Option(help: "Disk to offer (default: what is free).", transform: { try Quantity.bytes($0, field: "") })
  var disk: Int64?

  @OptionGroup var attributes: AttributeOptions

  @Option(help: "Data directory (default: REEVE_DATA, or reeve where programs keep their state).")
  var data: String?

  @Option(
    help: ArgumentHelp("reeve-spawn (default: REEVE_SPAWN, or beside this program).", valueName: "file")
  )
  var supervisor: String?

  @OptionGroup(title: "Virtual nodes") var virtual: VirtualOptions
  @OptionGroup var place: MasterPlace
  @OptionGroup var role: RoleOptions
  @OptionGroup var reach: AdvertiseOption

  @concurrent func perform() async throws -> Int32 {
    role.begin()
    let attributes = try attributes.ofNodes(virtual.count ?? 1)
    if virtual.count == nil { try await runOne(attributes[0]) } else { try await play(attributes) }
    return ExitStatus.done
  }

  @concurrent private func runOne(_ attributes: [TaskTemplate.Variable]) async throws {
    let (master, token) = try place.find()
    let directory = "\(data ?? ClusterAddress.dataDirectory())/agent/\(name)"
    try makeDirectory(directory)
    try await runAgent(
      AgentOptions(
        AgentPlace(
          node: name,
          rack: rack.first,
          master: master,
          token: token,
          resources: try resources(of: directory),
          attributes: attributes
        ),
        reach: agentReach,
        data: directory,
        supervisor: supervisor ?? Executable.supervisor
      )
    )
  }

  @concurrent private func play(_ attributes: [[TaskTemplate.Variable]]) async throws {
    let (master, token) = try place.find()
    let resources = try resources(of: "/")
    let names = VirtualOptions.names(attributes.count, of: name)
    try await runVirtualAgents(
      VirtualAgentsOptions(
        names.indices.map { i in
          AgentPlace(
            node: names[i],
            rack: rack.isEmpty ? nil : rack[i % rack.count],
            master: master,
            token: token,
            resources: resources,
            attributes: attributes[i]
          )
        },
        reach: agentReach,
        runTimes: virtual.runTime ?? .always(.zero),
        failureRate: virtual.fail ?? 0,
        seed: virtual.seed ?? 1
      )
    )
  }

  /// What the machine has, or what is to be said of it.
  private func resources(of directory: String) throws -> Resources {
    var resources = try discoverMachine(data: directory)
    if let cpus { resources.cpuMillis = cpus }
    if let memory { resources.memory = memory }
    if let disk { resources.disk = disk }
    return resources
  }

  private var agentReach: AgentReach {
    AgentReach(address: role.address, advertised: reach.advertise, insecure: role.insecure)
  }
}
