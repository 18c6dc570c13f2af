/// Wants room for one of a shape set aside on one node, which the rack picks.
///
/// Where it fits nowhere now it may be gathered: a node is chosen, and takes from then on only what is over in time or fits
/// beside it, until what runs there has made room. At the rack it ends by use, by release or with the session, never by a
/// timer.
package struct HoldOrder: Hashable, Sendable {
  package var id: HoldID
  /// One that the rack has been asked about.
  package var shape: ShapeNumber
  package var mayGather: Bool
  /// What may be ended for it.
  package var takes: [Take]

  /// So much may be taken from what a role runs on the rack: a level to reach, not a step.
  package struct Take: Hashable, Sendable {
    package var role: RoleNumber
    package var most: Resources

    package init(role: RoleNumber, most: Resources) {
      self.role = role
      self.most = most
    }
  }

  package init(id: HoldID, shape: ShapeNumber, mayGather: Bool, takes: [Take] = []) {
    self.id = id
    self.shape = shape
    self.mayGather = mayGather
    self.takes = takes
  }
}

package struct HeldRoom: Hashable, Sendable {
  package var id: HoldID
  package var node: NodeNumber

  package init(id: HoldID, node: NodeNumber) {
    self.id = id
    self.node = node
  }
}

/// A launch goes where room is held for it.
package struct HoldUse: Hashable, Sendable {
  package var attempt: AttemptID
  package var hold: HoldID

  package init(attempt: AttemptID, hold: HoldID) {
    self.attempt = attempt
    self.hold = hold
  }
}

package struct AttemptRole: Hashable, Sendable {
  package var attempt: AttemptID
  package var role: RoleNumber

  package init(attempt: AttemptID, role: RoleNumber) {
    self.attempt = attempt
    self.role = role
  }
}
