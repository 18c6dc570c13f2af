import ReeveCore
import ReeveModel

extension World {
  /// What must hold when all is over, whatever happened before.
  mutating func checkEnd() {
    for what in promises.books.unfinished { find("everything accepted ends", what) }
    var replayed = MasterCore()
    for fact in master.disk.durable { replayed.replay(fact) }
    for what in master.core.violations() { find("the master's books balance", what) }
    if master.disk.isIdle, replayed.durable != master.core.durable { find(Replay.promise, "at the end") }
    for (i, rack) in racks.enumerated() where rack.life.isUp {
      for what in rack.core.violations() { find("the rack's books balance", "rack \(i): \(what)") }
    }
    for agent in agents {
      for what in agent.core?.violations() ?? [] {
        find("the agent's books balance", "\(agent.name): \(what)")
      }
    }
    for rack in master.core.durable.roster.racks where rack.waitingCount + rack.runningCount > 0 {
      find("the master's books balance", "\(rack.name) still has \(rack)")
    }
  }
}
