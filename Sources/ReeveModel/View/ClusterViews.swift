/// A rack as users see it.
package struct RackView: Hashable, Sendable {
  package enum State: String, Sendable, CaseIterable {
    case connected
    /// Its process is there and still hears what its nodes have.
    case recovering
    case away
  }

  package var number: RackNumber
  package var name: String
  package var state: State
  package var address: String
  package var nodes: Int
  package var total: Resources
  package var free: Resources
  /// Attempts that it has, waiting or running.
  package var assigned: Int
  package var generation: Generation

  package init(
    number: RackNumber,
    name: String,
    state: State,
    address: String = "",
    nodes: Int = 0,
    total: Resources = .zero,
    free: Resources = .zero,
    assigned: Int = 0,
    generation: Generation = .none
  ) {
    self.number = number
    self.name = name
    self.state = state
    self.address = address
    self.nodes = nodes
    self.total = total
    self.free = free
    self.assigned = assigned
    self.generation = generation
  }
}

/// A node as users see it.
package struct NodeView: Hashable, Sendable {
  package var status: NodeStatus
  package var rack: String

  package init(status: NodeStatus, rack: String) {
    self.status = status
    self.rack = rack
  }
}

/// What can be asked of a cluster without changing it.
package enum Query: Hashable, Sendable {
  case jobs(JobFilter)
  case tasks(TaskFilter)
  case nodes
  case racks

  package struct JobFilter: Hashable, Sendable {
    package var job: JobID?
    package var user: String?
    /// Also what ended more than an hour ago.
    package var all: Bool
    package var limit: Int

    package init(job: JobID? = nil, user: String? = nil, all: Bool = false, limit: Int = 1_000) {
      self.job = job
      self.user = user
      self.all = all
      self.limit = limit
    }
  }

  package struct TaskFilter: Hashable, Sendable {
    package var job: JobID
    /// A task's name; `nil` is all of the job.
    package var task: String?
    /// As users see it; `nil` is all.
    package var state: String?
    /// Only tasks with a greater number: the `next` of the page before.
    package var after: UInt64
    package var limit: Int
    package var details: Bool

    package init(
      job: JobID,
      task: String? = nil,
      state: String? = nil,
      after: UInt64 = 0,
      limit: Int = 1_000,
      details: Bool = false
    ) {
      self.job = job
      self.task = task
      self.state = state
      self.after = after
      self.limit = limit
      self.details = details
    }
  }
}

package enum Answer: Hashable, Sendable {
  case jobs([JobProgress])
  /// `next` is the cursor of the next page; 0 means that was all.
  case tasks([TaskView], next: UInt64)
  case nodes([NodeView])
  case racks([RackView])
  case refused(Refusal)
}

/// One task, or with `task` nil a whole job.
package struct TaskSelector: Hashable, Sendable {
  package var job: JobID
  package var task: String?

  package init(job: JobID, task: String? = nil) {
    self.job = job
    self.task = task
  }
}
