import ReeveCore
package import ReeveModel

/// The machine of a log as nodes in racks: a job runs in parts, each of which has its place on one node.
package struct NodeRooms: Sendable {
  /// All nodes are alike.
  package let node: Resources
  package let count: Int
  private var racks: [[Room]]
  private var parts: [TaskNumber: [Part]] = [:]

  private struct Part: Sendable {
    var rack: Int
    var place: Int
    var resources: Resources
  }

  package init(_ count: Int, of node: Resources, racks: Int) {
    (self.count, self.node) = (count, node)
    self.racks = Array(repeating: [], count: racks)
    for i in 0..<count {
      var room = Room(number: NodeNumber(UInt32(i) + 1), total: node)
      room.isOpen = true
      self.racks[i % racks].append(room)
    }
  }

  /// What a job takes for each of its cores; memory only where nodes are said to have some.
  func process(of job: JobTrace.Job) -> Resources {
    Resources(cpuMillis: 1_000, memory: node.memory > 0 ? job.memoryPerCore : 0)
  }

  /// How many of a job's processes go onto one node.
  func most(of job: JobTrace.Job) -> Int { process(of: job).count(in: node) }

  /// Finds nodes for all processes of a job, as many on each as it can take, or for none of them.
  mutating func place(_ job: JobTrace.Job, as task: TaskNumber) -> Bool {
    let (process, most) = (process(of: job), most(of: job))
    var (placed, left): ([Part], Int) = ([], job.cores)
    while left > 0 {
      guard most > 0, let part = hold(process * min(left, most)) else {
        for part in placed { racks[part.rack][part.place].release(part.resources) }
        return false
      }
      placed.append(part)
      left -= most
    }
    parts[task] = placed
    return true
  }

  mutating func release(_ task: TaskNumber) {
    for part in parts.removeValue(forKey: task) ?? [] { racks[part.rack][part.place].release(part.resources) }
  }

  /// As in a cluster: the rack with the most to spare that has a node for it, and of that the node that it leaves the least on.
  private mutating func hold(_ resources: Resources) -> Part? {
    let free = racks.map { $0.reduce(0) { $0 + $1.free.cpuMillis } }
    for rack in racks.indices.sorted(by: { (-free[$0], $0) < (-free[$1], $1) }) {
      guard let place = BestFit.place(for: resources, in: racks[rack]) else { continue }
      racks[rack][place].hold(resources)
      return Part(rack: rack, place: place, resources: resources)
    }
    return nil
  }
}
