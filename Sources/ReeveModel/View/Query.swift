/// What can be asked of a cluster without changing it.
package enum Query: Hashable, Sendable {
  case jobs(JobFilter)
  case tasks(TaskFilter)
  /// Tasks that wait for their turn, in the order in which they are considered.
  case queue(limit: Int)
  case nodes
  case racks
  case policy
  /// Why a task is where it is.
  case explain(TaskSelector)
  case frameworks
  /// What is offered and not answered yet.
  case offers
  case roles
  case users

  package struct JobFilter: Hashable, Sendable {
    package var job: JobID?
    package var user: String?
    /// Also what ended more than an hour ago.
    package var all: Bool
    package var limit: Int
    /// Only jobs with a smaller number: the `next` of the page before; 0 begins with the newest.
    package var before: UInt64

    package init(
      job: JobID? = nil,
      user: String? = nil,
      all: Bool = false,
      limit: Int = 1_000,
      before: UInt64 = 0
    ) {
      self.job = job
      self.user = user
      self.all = all
      self.limit = limit
      self.before = before
    }
  }

  package struct TaskFilter: Hashable, Sendable {
    package var what: TaskSelector
    /// Only tasks with a greater number: the `next` of the page before.
    package var after: UInt64
    package var limit: Int
    package var details: Bool

    package init(what: TaskSelector, after: UInt64 = 0, limit: Int = 1_000, details: Bool = false) {
      self.what = what
      self.after = after
      self.limit = limit
      self.details = details
    }
  }
}

package enum Answer: Hashable, Sendable {
  /// `next` is the cursor of the next page; 0 means that was all.
  case jobs([JobProgress], next: UInt64)
  /// Of tasks that have ended the outcome is still to be filled in. A page may be short, or even empty, before the last.
  case tasks([TaskView], next: UInt64)
  case nodes([NodeView])
  case racks([RackView])
  case policy(PolicySetting)
  case explained(Explanation)
  case frameworks([FrameworkView])
  case offers([OfferView])
  case roles([RoleView])
  case users([UserView])
  case refused(Refusal)
}
