import ReeveModel
import Synchronization

/// Which shell of a process serves which rack, for the nodes that come.
final class ServedRacks: Sendable {
  private struct Service {
    var generation: Generation
    var shell: RackShell
  }

  private let services = Mutex<[RackNumber: Service]>([:])

  subscript(rack: RackNumber) -> RackShell? { services.withLock { $0[rack]?.shell } }

  /// The rack may be this process's twice, by its name and as a spare's, and the two assignments come on streams of their
  /// own: the higher generation is the later one.
  func begin(_ shell: RackShell, _ assignment: RackAssignment) {
    services.withLock { services in
      if let known = services[assignment.rack], known.generation > assignment.generation { return }
      services[assignment.rack] = Service(generation: assignment.generation, shell: shell)
    }
  }

  func end(_ shell: RackShell, _ rack: RackNumber) {
    services.withLock { if $0[rack]?.shell === shell { $0[rack] = nil } }
  }
}
