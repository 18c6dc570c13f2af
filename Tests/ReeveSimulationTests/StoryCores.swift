import ReeveCore
import ReeveModel
import ReeveTestSupport

/// A core that a story can be told to: how its events are read, and its effects written.
protocol Narrated: Core {
  static func event(_ line: StoryLine) throws -> Event
  static func text(_ effect: Effect) -> String
}

extension Narrated {
  mutating func turn(_ turn: StoryFile.Turn) throws -> [String] {
    var effects: [Effect] = []
    let now = Now.ms(turn.milliseconds)
    for line in turn.events { handle(try Self.event(line), at: now, into: &effects) }
    decide(at: now, into: &effects)
    return effects.map(Self.text)
  }
}

private func list(_ name: String, _ items: [some CustomStringConvertible]) -> String {
  items.isEmpty ? "" : (name.isEmpty ? " " : " \(name) ") + items.map(\.description).joined(separator: ",")
}

extension RackCore: Narrated {
  static func event(_ line: StoryLine) throws -> RackEvent {
    let node = NodeNumber(UInt32(line.number(1)))
    switch line.verb {
    case "master":
      return .masterConnected(line.session, .rack(line.generation("generation"), nodes: line.nodes))
    case "orders":
      var orders = RackOrders()
      orders.launches = line.launches
      orders.batch = orders.launches.isEmpty ? 0 : 1
      orders.kills = line.kills
      orders.acknowledged = line.attempts("ack").map(\.attempt)
      return .masterOrdered(line.session, orders)
    case "master-gone": return .masterDisconnected(line.session)
    case "node":
      let held = line.starts(on: node, "running").map {
        NodeStatement.HeldAttempt(start: $0, resources: .cores(1))
      }
      return .nodeConnected(
        line.session,
        .node(
          node,
          line.cores,
          running: held,
          ends: line.ends(on: node),
          incarnation: UInt64(max(1, line.count("incarnation"))),
          obeyed: line.generation("obeyed")
        )
      )
    case "report":
      let report = NodeReport(
        starts: line.starts(on: node),
        ends: line.ends(on: node),
        refused: line.attempts("refused")
      )
      return .nodeReported(line.session, node, report)
    case "beat": return .nodeBeat(line.session, node)
    case "node-gone": return .nodeDisconnected(line.session, node)
    default: throw line.unreadable()
    }
  }

  static func text(_ effect: RackEffect) -> String {
    switch effect {
    case .state(let session, let report): "state \(session)\(text(report))"
    case .report(let session, let report): "report \(session)\(text(report))"
    case .welcome(let session, let node, let generation):
      "welcome \(session) node \(node) under \(generation)"
    case .order(let session, let node, let orders): "order \(session) node \(node)\(NodeOrders.text(orders))"
    case .refuse(let session, let node, let why): "refuse \(session) node \(node): \(why)"
    }
  }

  private static func text(_ report: RackReport) -> String {
    list("waiting", report.waiting.map(\.attempt)) + list("started", report.started.map(\.attempt))
      + list("ends", report.ends.map(\.attempt)) + list("returned", report.returned.map(\.attempt))
      + list("lost", report.lost.map(\.name.attempt))
      + list("nodes", report.nodes.map { "\($0.number):\($0.state)" })
  }
}

extension NodeOrders {
  fileprivate static func text(_ orders: NodeOrders) -> String {
    list("launch", orders.launches.launches.map(\.attempt)) + list("kill", orders.kills.map(\.attempt))
      + list("ack", orders.acknowledged)
  }
}

extension AgentCore: Narrated {
  static func event(_ line: StoryLine) throws -> AgentEvent {
    let attempt = StoryLine.attempt(line.words.first ?? "0.0")
    switch line.verb {
    case "placed": return .placed(NodeNumber(UInt32(line.number(0))))
    case "connected": return .rackConnected(line.session)
    case "welcomed": return .rackWelcomed(line.session, StoryLine.generation(line.word(1)))
    case "gone": return .rackDisconnected(line.session)
    case "orders":
      var orders = NodeOrders.launch(line.launches)
      orders.kills = line.kills
      orders.acknowledged = line.attempts("ack").map(\.attempt)
      return .rackOrdered(line.session, orders)
    case "started": return .started(attempt.attempt, .ms(0))
    case "ended": return .ended(TaskEnd(attempt: attempt.attempt, task: attempt.task))
    default: throw line.unreadable()
    }
  }

  static func text(_ effect: AgentEffect) -> String {
    switch effect {
    case .obey(let generation): "obey \(generation)"
    case .state(let session, let said):
      "state \(session)" + list("running", said.running.map(\.start.attempt))
        + list("ends", said.ends.map(\.attempt)) + " obeyed \(said.obeyed)"
    case .report(let session, let report):
      "report \(session)" + list("starts", report.starts.map(\.attempt))
        + list("ends", report.ends.map(\.attempt)) + list("refused", report.refused.map(\.attempt))
    case .spawn(let spawns): "spawn\(list("", spawns.map(\.attempt)))"
    case .tell(let messages): "tell\(list("", messages.map(\.attempt)))"
    case .warn(let attempt, let signal): "warn \(attempt) \(signal)"
    case .kill(let attempt, let reason, let grace): "kill \(attempt) \(reason) within \(grace)"
    case .forget(let attempts): "forget\(list("", attempts))"
    case .disconnect(let session, let why): "disconnect \(session): \(why)"
    }
  }
}

extension MasterCore: Narrated {
  static func event(_ line: StoryLine) throws -> MasterEvent {
    switch line.verb {
    case "lead": return .leading(Term(UInt32(line.number(0))))
    case "rack":
      let hello = RackHello(rack: line.word(1), address: line.word(1), incarnation: line.number(2))
      return .rackConnected(line.session, hello)
    case "stated": return .rackStated(line.session, report(line))
    case "reported": return .rackReported(line.session, report(line))
    case "gone": return .rackDisconnected(line.session)
    case "locate": return .nodeLocated(line.request, node: line.word(1), rack: line.word(2))
    case "submit":
      var spec = JobSpec(id: JobID(line.word(1)))
      spec.templates = [.needing(.cores(1))]
      for i in 0..<line.count("tasks") {
        spec.append(name: "t\(i)", template: 0, arguments: [String](), after: [UInt32]())
      }
      return .submitted(line.request, spec)
    case "cancel": return .ordered(line.request, .cancel, [TaskSelector(job: JobID(line.word(1)))])
    default: throw line.unreadable()
    }
  }

  /// With an offer of so many cores, which is as many of the first shape.
  private static func report(_ line: StoryLine) -> RackReport {
    var report = RackReport()
    report.waiting = line.attempts("waiting")
    report.started = line.starts(on: 1, "started")
    report.ends = line.ends(on: 1)
    report.returned = line.attempts("returned")
    report.lost = line.attempts("lost").map { LostAttempt($0, on: NodeNumber(1)) }
    report.offer = RackOffer(total: line.cores, free: line.cores, largest: [line.cores])
    report.offer?.fits = [RackOffer.ShapeFit(shape: 0, fits: line.count("cpus"), waiting: 0)]
    return report
  }

  static func text(_ effect: MasterEffect) -> String {
    switch effect {
    case .record(let fact): "record \(text(fact))"
    case .assign(let session, let assignment):
      "assign \(session) generation \(assignment.generation)" + list("nodes", assignment.roster.map(\.number))
    case .order(let session, let orders):
      "order \(session)" + list("launch", orders.launches.launches.map(\.attempt))
        + list("kill", orders.kills.map(\.attempt)) + list("ack", orders.acknowledged)
        + list("recall", orders.recalls.map { "\($0.count) of \($0.shape)" })
    case .refuseRack(let session, let why): "refuse \(session): \(why)"
    case .located(let request, .success(let place)): "located \(request) node \(place.node)"
    case .submitted(let request, .success(let job)): "submitted \(request) \(job.id) known \(job.known)"
    case .obeyed(let request, .success(let count)): "cancelled \(request) \(count)"
    default: "\("\(effect)".prefix { $0.isLetter })"
    }
  }

  private static func text(_ fact: Fact) -> String {
    switch fact {
    case .termBegan(let term): "term \(term)"
    case .jobSubmitted(let job): "job \(job.spec.id) of \(job.spec.count)"
    case .assigned(let rack, let first, let tasks): "assigned to \(rack) from \(first)" + list("tasks", tasks)
    case .returned(let attempts): "returned" + list("", attempts.map(\.attempt))
    case .lost(let attempts): "lost" + list("", attempts.map(\.attempt))
    case .started(let starts): "started" + list("", starts.map(\.attempt))
    case .ended(let ends): "ended" + list("", ends.map { "\($0.task):\($0.reason)" })
    case .rackGranted(let grant): "rack \(grant.rack) granted under \(grant.generation)"
    default: "\("\(fact)".prefix { $0.isLetter })"
    }
  }
}
