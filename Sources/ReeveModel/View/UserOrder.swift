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
}
