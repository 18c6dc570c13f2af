import ReeveModel

/// What one round of the allocator works on.
struct AllocationRound: Sendable {
  var shares: RoleShares
  /// What of the batch framework's queue may still fit.
  var batchShapes: [ShapeNumber]
  /// What is to be offered: how many slices of what to whom.
  var slices: [Slices: Int] = [:]
  /// Those for whom no rack had room.
  var contenders: Set<FrameworkNumber> = []

  struct Slices: Hashable, Sendable {
    var framework: FrameworkNumber
    var key: UInt32
    var shape: ShapeNumber
    var rack: RackNumber
  }

  init(shares: RoleShares, batchShapes: [ShapeNumber]) {
    self.shares = shares
    self.batchShapes = batchShapes
  }
}
