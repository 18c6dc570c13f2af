import ReeveModel

/// What one round of the allocator works on.
struct AllocationRound: Sendable {
  var shares: RoleShares
  /// What of the batch framework's queue may still fit.
  var batchShapes: [ShapeNumber]
  /// What is to be offered: how many slices of what to whom.
  var slices: [Slices: Int] = [:]
  /// Those for whom no rack had room.
  private(set) var contenders: Set<FrameworkNumber> = []
  /// The first of them in fair order, and what it wanted.
  private(set) var first: Contentions.Name?
  /// Of the queue, the first for which there is no room.
  private(set) var batchHead: ShapeNumber?
  /// All that found no room.
  private(set) var blocked: Set<Contentions.Name> = []
  /// Those that got something.
  var served: Set<FrameworkNumber> = []

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

  /// It is somebody's turn, and no rack has room.
  mutating func block(_ name: Contentions.Name) {
    if contenders.isEmpty { first = name }
    contenders.insert(name.framework)
    blocked.insert(name)
    if name.framework == .batch { keepHead(name.shape) }
  }

  /// It is the turn of the first of the queue, and what is gathered for it is all that it may have.
  mutating func keepHead(_ shape: ShapeNumber) { batchHead = batchHead ?? shape }
}
