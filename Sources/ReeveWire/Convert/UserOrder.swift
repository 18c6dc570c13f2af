package import ReeveModel

extension Reeve_V1_OrderRequest {
  package init(_ order: UserOrder, of what: [TaskSelector]) {
    self.init()
    self.what = what.map { Reeve_V1_TaskSelector($0) }
    switch order {
    case .cancel: cancel = Reeve_V1_CancelOrder()
    case .hold: hold = Reeve_V1_HoldOrder()
    case .release: release = Reeve_V1_ReleaseOrder()
    case .priority(let priority): self.priority.priority = priority
    case .retry(let alsoCancelled): retry.cancelled = alsoCancelled
    case .policy(let setting): policy = Reeve_V1_PolicyOrder(setting)
    case .close: close = Reeve_V1_CloseOrder()
    case .role(let change): role = Reeve_V1_RoleOrder(change)
    case .forgetRole(let name): forgetRole.name = name
    case .removeFramework(let id): removeFramework.id = id.text
    }
  }
}

extension UserOrder {
  /// - Throws: a refusal, for what users may have got wrong is not only the form.
  package init(wire: Reeve_V1_OrderRequest) throws(Refusal) {
    switch wire.order {
    case .cancel: self = .cancel
    case .hold: self = .hold
    case .release: self = .release
    case .priority(let order):
      guard Limits.priority.contains(order.priority) else {
        throw Refusal(
          .invalid,
          field: "priority",
          "\(order.priority) is out of range. Use \(Limits.priority.lowerBound) to \(Limits.priority.upperBound)."
        )
      }
      self = .priority(order.priority)
    case .retry(let order): self = .retry(alsoCancelled: order.cancelled)
    case .close: self = .close
    case .policy(let policy):
      do throws(WireError) {
        self = .policy(try PolicySetting(wire: policy))
      } catch { throw Refusal(.invalid, field: error.field, error.problem) }
    case .role(let role):
      do { self = .role(try RoleChange(wire: role)) } catch { throw Refusal(ofRequest: error) }
    case .forgetRole(let order): self = .forgetRole(order.name)
    case .removeFramework(let order): self = .removeFramework(JobID(order.id))
    case nil:
      throw Refusal(.invalid, field: "order", "There is no order in the request that this version knows.")
    }
  }
}
