package import ReeveModel

/// The agent's side of its session with a rack scheduler.
package struct RackLink: Sendable {
  package private(set) var session: SessionNumber?
  package private(set) var isStated = false
  /// Orders count from then on.
  package private(set) var isWelcomed = false
  /// The highest generation whose welcome was taken: orders under a lower one are never obeyed again.
  package private(set) var obeyed: Generation
  /// What this session has carried.
  package var templates: [TemplateNumber: NumberedTemplate] = [:]

  package init(obeyed: Generation) { self.obeyed = obeyed }

  /// The newest session is the one that was opened last: rack schedulers count theirs apart from each other.
  package mutating func open(_ session: SessionNumber) {
    self = RackLink(obeyed: obeyed)
    self.session = session
  }

  package mutating func close() { self = RackLink(obeyed: obeyed) }

  package mutating func stated() { isStated = true }

  /// - Returns: whether the generation may give orders.
  package mutating func welcome(_ generation: Generation) -> Bool {
    guard generation >= obeyed else { return false }
    obeyed = generation
    isWelcomed = true
    return true
  }
}
