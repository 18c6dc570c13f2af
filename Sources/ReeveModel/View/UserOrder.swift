/// What users want done with tasks, or with the cluster as a whole.
package enum UserOrder: Hashable, Sendable {
  /// What has not ended ends as cancelled.
  case cancel
  /// What has not been started is not, until it is released.
  case hold
  case release
  case priority(Int32)
  /// What has failed begins a new round, and what was cancelled too, if so ordered.
  case retry(alsoCancelled: Bool)
  /// Nothing more is added to an open job: with its last task it ends.
  case close
  /// Of the whole cluster.
  case policy(PolicySetting)
  case role(RoleChange)
  /// A role is again as if it had never been set.
  case forgetRole(String)
  /// A framework is done, as if it had torn itself down.
  case removeFramework(JobID)

  /// It is of the cluster, and selects no tasks.
  package var isOfCluster: Bool {
    switch self {
    case .policy, .role, .forgetRole, .removeFramework: true
    case .cancel, .hold, .release, .priority, .retry, .close: false
    }
  }
}
