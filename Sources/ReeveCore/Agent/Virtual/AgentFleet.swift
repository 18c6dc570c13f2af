import HeapModule
package import ReeveModel

/// The agents of many nodes, each with a core of its own, decided about by one loop: a node costs neither a thread nor a
/// timer.
package struct AgentFleet: Core {
  private var agents: [AgentCore]
  /// The agents that this turn has to ask, each once.
  private var touched: [Int] = []
  private var isTouched: [Bool]
  /// One entry a deadline that an agent ever had; only the one that it has now counts.
  private var deadlines = Heap<Deadline>()
  private var deadlineOf: [Instant?]
  private var scratch: [AgentEffect] = []

  /// What happens to the agent at a place.
  package struct Event: Sendable {
    package var place: Int
    package var event: AgentEvent

    package init(_ place: Int, _ event: AgentEvent) {
      self.place = place
      self.event = event
    }
  }

  /// What the agent at a place wants done.
  package struct Effect: Equatable, Sendable {
    package var place: Int
    package var effect: AgentEffect

    package init(_ place: Int, _ effect: AgentEffect) {
      self.place = place
      self.effect = effect
    }
  }

  private struct Deadline: Comparable, Sendable {
    let due: Instant
    let place: Int

    static func < (a: Deadline, b: Deadline) -> Bool { (a.due, a.place) < (b.due, b.place) }
  }

  package init(_ agents: [AgentCore]) {
    self.agents = agents
    isTouched = agents.map { _ in false }
    deadlineOf = agents.map { _ in nil }
    for place in agents.indices { watch(place) }
  }

  package mutating func handle(_ event: Event, at now: Now, into effects: inout [Effect]) {
    touch(event.place)
    agents[event.place].handle(event.event, at: now, into: &scratch)
    pass(scratchOf: event.place, to: &effects)
  }

  package mutating func decide(at now: Now, into effects: inout [Effect]) {
    while let first = deadlines.min, first.due <= now.boot {
      deadlines.removeMin()
      guard deadlineOf[first.place] == first.due else { continue }
      deadlineOf[first.place] = nil
      touch(first.place)
    }
    for place in touched {
      isTouched[place] = false
      agents[place].decide(at: now, into: &scratch)
      pass(scratchOf: place, to: &effects)
      watch(place)
    }
    touched.removeAll(keepingCapacity: true)
    if deadlines.count > 2 * agents.count + 64 {
      deadlines = Heap(deadlines.unordered.filter { deadlineOf[$0.place] == $0.due })
    }
  }

  /// Perhaps one that an agent had before: then that turn finds nothing to do.
  package var nextDeadline: Instant? { deadlines.min?.due }

  /// What cannot be, in words; nothing if all is well.
  package func violations() -> [String] {
    agents.indices.flatMap { place in
      agents[place].violations().map { "agent \(place): \($0)" }
        + (agents[place].nextDeadline == deadlineOf[place] || isTouched[place]
          ? [] : ["agent \(place) is not asked when it wants to be"])
    }
  }

  private mutating func touch(_ place: Int) {
    guard !isTouched[place] else { return }
    isTouched[place] = true
    touched.append(place)
  }

  private mutating func watch(_ place: Int) {
    let due = agents[place].nextDeadline
    guard due != deadlineOf[place] else { return }
    deadlineOf[place] = due
    if let due { deadlines.insert(Deadline(due: due, place: place)) }
  }

  private mutating func pass(scratchOf place: Int, to effects: inout [Effect]) {
    guard !scratch.isEmpty else { return }
    for effect in scratch { effects.append(Effect(place, effect)) }
    scratch.removeAll(keepingCapacity: true)
  }
}
