import ReeveCore
package import ReeveModel

// Frameworks that are played by the test.
extension MasterStory {
  package mutating func subscribe(
    _ id: String,
    on session: SessionNumber,
    role: String = Role.defaultName,
    failover: TimeSpan = .seconds(60)
  ) {
    turn(.frameworkSubscribed(session, FrameworkInfo(id: JobID(id), role: role, failover: failover)))
  }

  /// What a framework says; what it came to is in `told`.
  package mutating func say(_ request: FrameworkRequest, on session: SessionNumber) {
    turn(.frameworkSaid(session, self.request(), request))
  }

  /// One shape, under key 1.
  package mutating func demand(_ count: Int, of shape: Resources, on session: SessionNumber) {
    say(.demand([ShapeDemand(key: 1, resources: shape, count: count)]), on: session)
  }

  package mutating func accept(
    _ offers: [OfferID],
    _ count: Int,
    of id: String,
    cores: Int = 1,
    named addition: String = "a",
    on session: SessionNumber
  ) {
    var spec = JobSpec.of(0, id: id, cores: cores)
    for i in 0..<count { spec.append(name: "\(addition)-\(i)", template: 0, arguments: [], after: []) }
    spec.addition = addition
    say(.accept(offers, spec, hasRoom: true), on: session)
  }

  /// What the last turn offered to a framework.
  package func offered(on session: SessionNumber) -> [FrameworkOffer] {
    told.flatMap { effect -> [FrameworkOffer] in
      if case .offered(session, let offers) = effect { return offers }
      return []
    }
  }

  package func updates(on session: SessionNumber) -> [TaskUpdate] {
    told.flatMap { effect -> [TaskUpdate] in
      if case .updated(session, let updates) = effect { return updates }
      return []
    }
  }

  package func rescinded(on session: SessionNumber) -> [OfferID] {
    told.flatMap { effect -> [OfferID] in
      if case .rescinded(session, let offers, _) = effect { return offers }
      return []
    }
  }

  /// How the last turn answered what was said; `nil` where it did not.
  package var reply: Result<Int, Refusal>? {
    told.compactMap { effect -> Result<Int, Refusal>? in
      if case .replied(_, let result) = effect { return result }
      return nil
    }.last
  }

  package var refusal: Refusal? {
    if case .failure(let refusal)? = reply { return refusal }
    return nil
  }
}
