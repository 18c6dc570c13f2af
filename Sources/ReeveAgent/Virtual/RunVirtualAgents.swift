import GRPCCore
import Logging
import ReeveCore
import ReeveModel
import ReeveShell
import ReeveWire

/// Plays many nodes until SIGTERM: each with the agent's own core and its own stream to its rack scheduler, and with tasks
/// that run nothing. They live and die with this process, so nothing is written down.
@concurrent package func runVirtualAgents(_ options: VirtualAgentsOptions) async throws {
  try checkBindAddress(options.reach.address, insecure: options.reach.insecure)
  guard let token = options.places.first?.token else { return }
  raiseFileLimit()
  let log = Logger(label: "reeve.agents")
  let clock = BootClock()
  let loop = CoreLoop<AgentFleet>(clock: clock)
  let tasks = VirtualExecutor(
    VirtualTasks(options.runTimes, failureRate: options.failureRate, seed: options.seed),
    clock: clock,
    post: { loop.post($0) }
  )
  let shells = options.places.indices.map { i in
    AgentShell(
      options.places[i],
      tasks: VirtualExecutor.Node(place: i, all: tasks),
      fence: Fence(),
      log: log,
      post: { loop.post(AgentFleet.Event(i, $0)) }
    )
  }
  let listener = makeListener(
    at: options.reach.address,
    services: [NoFilesService()],
    check: TokenCheck(token, log: log)
  )
  try await serve(listener, reachedAt: options.reach) { own in
    let agents = options.places.map { place in
      AgentCore(
        name: place.node,
        address: own.description,
        incarnation: .random(in: 1 ... .max),
        total: place.resources,
        attributes: place.attributes,
        at: clock.now()
      )
    }
    loop.start("agent cores", core: AgentFleet(agents)) { effects in
      for effect in effects { shells[effect.place].carryOut(effect.effect) }
    }
    await withDiscardingTaskGroup { group in
      for shell in shells { group.addTask { await RackLine(shell: shell, log: log).keep() } }
    }
  }
  loop.stop()
}

/// What runs nothing has no output, while it seems to run as afterwards.
private struct NoFilesService: Reeve_V1_NodeFiles.SimpleServiceProtocol {
  @concurrent func readLog(
    request: Reeve_V1_ReadLogRequest,
    response: RPCWriter<Reeve_V1_LogChunk>,
    context: ServerContext
  ) async throws {}
}
