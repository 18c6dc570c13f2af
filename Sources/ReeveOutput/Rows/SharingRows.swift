package import ReeveModel

/// A framework as `frameworks` says it.
package struct FrameworkRow: Row {
  package let framework: FrameworkView

  package init(_ framework: FrameworkView) { self.framework = framework }

  package var selector: String { framework.info.id.text }
  package var state: String { framework.state.rawValue }
  package static var stateColumn: Int { 2 }

  package var fields: [Field] {
    [
      Field("id", .text(framework.info.id.text)),
      Field("name", .text(framework.info.name)),
      Field("role", .text(framework.info.role)),
      Field("user", .word(framework.info.user)),
      Field("state", .text(state)),
      Field("failover", .thousandths(framework.info.failover.milliseconds)),
      Field("leaves", framework.state == .away ? .thousandths(framework.leaves.milliseconds) : .null),
      Field("pending", .integer(framework.job.counts.pending)),
      Field("running", .integer(framework.job.counts.running)),
    ] + Use.fields(used: framework.used, offered: framework.offered) + [
      Field("share", Share.value(framework.share)),
      Field("fairShare", Share.value(framework.fairShare)),
      Field("demands", .list(framework.demands.map { .object(Self.fields(of: $0)) })),
      Field("code", .text(framework.code.rawValue)),
      Field("sentence", .text(framework.sentence)),
    ]
  }

  private static func fields(of demand: FrameworkView.DemandView) -> [Field] {
    [
      Field("key", .integer(Int64(demand.key))),
      Field("cpus", .thousandths(demand.resources.cpuMillis)),
      Field("memory", .integer(demand.resources.memory)),
      Field("disk", .integer(demand.resources.disk)),
      Field("constraints", .strings(demand.constraints.map(\.text))),
      Field("count", .integer(demand.count)),
      Field("offered", .integer(demand.offered)),
      Field("declines", .integer(demand.declines)),
      Field("rests", .thousandths(demand.rests.milliseconds)),
    ]
  }

  package static var columns: [Table.Column] {
    [
      Table.Column("FRAMEWORK"), Table.Column("ROLE"), Table.Column("STATE"),
      Table.Column("PENDING", isNumber: true), Table.Column("RUNNING", isNumber: true),
    ] + Use.columns + [
      Table.Column("SHARE", isNumber: true), Table.Column("FAIR", isNumber: true),
      Table.Column("WHY NO MORE"),
    ]
  }

  package static var wideColumns: [Table.Column] {
    [Table.Column("NAME"), Table.Column("USER"), Table.Column("SENTENCE")]
  }

  package func cells(at now: WallTime) -> [String] {
    [
      framework.info.id.text, framework.info.role, state, "\(framework.job.counts.pending)",
      "\(framework.job.counts.running)",
    ] + Use.cells(used: framework.used, offered: framework.offered) + [
      Share.text(framework.share), Share.text(framework.fairShare), framework.code.rawValue,
    ]
  }

  package func wideCells(at now: WallTime) -> [String] {
    [framework.info.name, Cell.word(framework.info.user), framework.sentence]
  }
}

/// An offer as `offers` says it.
package struct OfferRow: Row {
  package let offer: OfferView

  package init(_ offer: OfferView) { self.offer = offer }

  package var selector: String { "\(offer.id)" }
  package var state: String { "open" }
  package static var stateColumn: Int { 1 }

  package var fields: [Field] {
    [
      Field("id", .text("\(offer.id)")),
      Field("framework", .text(offer.framework.text)),
      Field("role", .text(offer.role)),
      Field("rack", .text(offer.rack)),
      Field("count", .integer(offer.count)),
      Field("cpus", .thousandths(offer.resources.cpuMillis)),
      Field("memory", .integer(offer.resources.memory)),
      Field("disk", .integer(offer.resources.disk)),
      Field("age", .thousandths(offer.age.milliseconds)),
      Field("expires", .thousandths(offer.expires.milliseconds)),
    ]
  }

  package static var columns: [Table.Column] {
    [
      Table.Column("OFFER", isNumber: true), Table.Column("STATE"), Table.Column("FRAMEWORK"),
      Table.Column("ROLE"), Table.Column("RACK"),
    ]
      + ["SLICES", "CPUS", "MEMORY", "DISK", "AGE", "EXPIRES"].map { Table.Column($0, isNumber: true) }
  }

  package static var wideColumns: [Table.Column] { [] }

  package func cells(at now: WallTime) -> [String] {
    [
      "\(offer.id)", state, offer.framework.text, offer.role, offer.rack, "\(offer.count)",
      Amounts.cpus(offer.resources.cpuMillis), Amounts.size(offer.resources.memory),
      Amounts.size(offer.resources.disk), Amounts.span(offer.age), Amounts.span(offer.expires),
    ]
  }

  package func wideCells(at now: WallTime) -> [String] { [] }
}

/// A role as `roles` says it.
package struct RoleRow: Row {
  package let role: RoleView

  package init(_ role: RoleView) { self.role = role }

  package var selector: String { role.role.name }
  package var state: String { Share.state(SharePair(share: role.share, fairShare: role.fairShare)) }
  package static var stateColumn: Int { 1 }

  package var fields: [Field] {
    [
      Field("name", .text(role.role.name)),
      Field("state", .text(state)),
      Field("weight", .thousandths(Int64((role.role.weight * 1_000).rounded()))),
      Field("guarantee", role.role.guarantee.map { .object(Self.fields(of: $0)) } ?? .null),
      Field("limit", role.role.limit == .unlimited ? .null : .object(Self.fields(of: role.role.limit))),
      Field("frameworks", .integer(role.frameworks)),
    ] + Use.fields(used: role.used, offered: role.offered) + [
      Field("share", Share.value(role.share)),
      Field("fairShare", Share.value(role.fairShare)),
    ] + Share.fields(of: role.history) + [
      Field("blocked", role.blocked.map { .object(Self.fields(of: $0)) } ?? .null),
      Field("preempted", .integer(role.wasted.preempted)),
      Field("wastedCoreSeconds", .thousandths(role.wasted.coreTime.milliseconds)),
    ]
  }

  private static func fields(of blocked: BlockedShape) -> [Field] {
    [
      Field("framework", .text(blocked.framework.text)),
      Field("cpus", .thousandths(blocked.resources.cpuMillis)),
      Field("memory", .integer(blocked.resources.memory)),
      Field("disk", .integer(blocked.resources.disk)),
    ]
  }

  /// Only what a quota names.
  private static func fields(of quota: Resources) -> [Field] {
    [
      ("cpus", quota.cpuMillis, Value.thousandths(quota.cpuMillis)),
      ("memory", quota.memory, .integer(quota.memory)),
      ("disk", quota.disk, .integer(quota.disk)),
    ].filter { $0.1 != .max }.map { Field($0.0, $0.2) }
  }

  package static var columns: [Table.Column] {
    [
      Table.Column("ROLE"), Table.Column("STATE"), Table.Column("WEIGHT", isNumber: true),
      Table.Column("FRAMEWORKS", isNumber: true),
    ] + Use.columns + [
      Table.Column("SHARE", isNumber: true), Table.Column("FAIR", isNumber: true), Table.Column("GUARANTEE"),
      Table.Column("LIMIT"),
    ]
  }

  package static var wideColumns: [Table.Column] {
    ["HOUR", "FAIR HOUR"].map { Table.Column($0, isNumber: true) } + [Table.Column("BLOCKED")]
      + ["PREEMPTED", "WASTED"].map { Table.Column($0, isNumber: true) }
  }

  package func cells(at now: WallTime) -> [String] {
    [
      role.role.name, state, JSON.decimal(thousandths: Int64((role.role.weight * 1_000).rounded())),
      "\(role.frameworks)",
    ]
      + Use.cells(used: role.used, offered: role.offered)
      + [
        Share.text(role.share), Share.text(role.fairShare), Self.text(role.role.guarantee),
        Self.text(role.role.limit == .unlimited ? nil : role.role.limit),
      ]
  }

  package func wideCells(at now: WallTime) -> [String] {
    [
      Share.text(role.history.mean.share), Share.text(role.history.mean.fairShare),
      Self.text(role.blocked?.resources),
      "\(role.wasted.preempted)", Amounts.span(role.wasted.coreTime),
    ]
  }

  private static func text(_ quota: Resources?) -> String {
    guard let quota else { return Cell.word("") }
    var parts: [String] = []
    if quota.cpuMillis != .max { parts.append("cpus=\(Amounts.cpus(quota.cpuMillis))") }
    if quota.memory != .max { parts.append("memory=\(Amounts.size(quota.memory))") }
    if quota.disk != .max { parts.append("disk=\(Amounts.size(quota.disk))") }
    return parts.joined(separator: ",")
  }
}

/// What is held, and what is offered.
private enum Use {
  static func fields(used: Resources, offered: Resources) -> [Field] {
    [
      Field("cpus", .thousandths(used.cpuMillis)),
      Field("memory", .integer(used.memory)),
      Field("disk", .integer(used.disk)),
      Field("cpusOffered", .thousandths(offered.cpuMillis)),
      Field("memoryOffered", .integer(offered.memory)),
      Field("diskOffered", .integer(offered.disk)),
    ]
  }

  static var columns: [Table.Column] {
    ["CPUS", "OFFERED", "MEMORY"].map { Table.Column($0, isNumber: true) }
  }

  static func cells(used: Resources, offered: Resources) -> [String] {
    [Amounts.cpus(used.cpuMillis), Amounts.cpus(offered.cpuMillis), Amounts.size(used.memory)]
  }
}

/// A user as `roles --users` says one.
package struct UserRow: Row {
  package let user: UserView

  package init(_ user: UserView) { self.user = user }

  package var selector: String { user.name }
  package var state: String { Share.state(user.now) }
  package static var stateColumn: Int { 1 }

  package var fields: [Field] {
    [
      Field("name", .text(user.name)),
      Field("state", .text(state)),
      Field("cpus", .thousandths(user.used.cpuMillis)),
      Field("memory", .integer(user.used.memory)),
      Field("disk", .integer(user.used.disk)),
      Field("share", Share.value(user.now.share)),
      Field("fairShare", Share.value(user.now.fairShare)),
    ] + Share.fields(of: user.history)
  }

  package static var columns: [Table.Column] {
    [Table.Column("USER"), Table.Column("STATE")]
      + ["CPUS", "MEMORY", "SHARE", "FAIR", "HOUR", "FAIR HOUR"].map { Table.Column($0, isNumber: true) }
  }

  package static var wideColumns: [Table.Column] { [] }

  package func cells(at now: WallTime) -> [String] {
    [
      user.name, state, Amounts.cpus(user.used.cpuMillis), Amounts.size(user.used.memory),
      Share.text(user.now.share), Share.text(user.now.fairShare), Share.text(user.history.mean.share),
      Share.text(user.history.mean.fairShare),
    ]
  }

  package func wideCells(at now: WallTime) -> [String] { [] }
}

/// A part of the cluster: a number from 0 to 1 for scripts, a percentage for people.
private enum Share {
  /// By what somebody has against what is due: a hundredth to either side is even.
  static func state(_ pair: SharePair) -> String {
    if pair.share < pair.fairShare - 0.01 { return "below" }
    return pair.share > pair.fairShare + 0.01 ? "above" : "even"
  }

  static func value(_ share: Double) -> Value {
    share.isFinite ? .thousandths(Int64((share * 1_000).rounded())) : .null
  }

  static func fields(of history: ShareHistory) -> [Field] {
    [
      Field("shareLastHour", value(history.mean.share)),
      Field("fairShareLastHour", value(history.mean.fairShare)),
      Field(
        "minutes",
        .list(
          history.minutes.map {
            .object([Field("share", value($0.share)), Field("fairShare", value($0.fairShare))])
          }
        )
      ),
    ]
  }

  static func text(_ share: Double) -> String {
    share.isFinite ? Amounts.decimal(share * 100, whole: false) + "%" : Cell.word("")
  }
}
