package import ReeveModel

/// The policy as `policy` prints it.
package struct PolicySheet: Sendable {
  private let setting: PolicySetting

  package init(_ setting: PolicySetting) { self.setting = setting }

  package var fields: [Field] {
    [
      Field("policy", .text(setting.order.word)), Field("backfill", .flag(setting.backfills)),
      Field("terms", .list(setting.criteria.terms.map { .object(Self.fields(of: $0)) })),
      Field(
        "shares",
        .object(setting.criteria.shares.map { Field($0.user, .millionths(rounding: $0.share)) })
      ),
    ]
  }

  private static func fields(of term: PriorityCriteria.Term) -> [Field] {
    var fields: [Field] = []
    if case .label(let name, let values) = term.factor {
      fields = [
        Field("label", .text(name)),
        Field("values", .object(values.table.map { Field($0.word, .millionths(rounding: $0.value)) })),
        Field("otherwise", .millionths(rounding: values.otherwise)),
      ]
    } else {
      fields = [Field("term", .text(term.factor.word))]
    }
    return fields + [
      Field("weight", .millionths(rounding: term.weight)), Field("per", .millionths(rounding: term.per)),
    ]
  }

  /// The order's word, and what is special about it.
  package var text: String {
    var lines = [setting.order.word + (setting.backfills ? " with backfill" : "")]
    if setting.order == .priority, setting.criteria.terms != PriorityCriteria.plain.terms {
      lines += setting.criteria.terms.map {
        "  \($0.name)  \(Amounts.points($0.weight)) for each \(Self.unit(of: $0))"
      }
    }
    if setting.order == .priority || setting.order == .fair {
      lines += setting.criteria.shares.map { "  user \($0.user) is due \(Amounts.points($0.share))" }
    }
    return lines.joined(separator: "\n")
  }

  private static func unit(of term: PriorityCriteria.Term) -> String {
    switch term.factor {
    case .age, .deadline: Amounts.span(TimeSpan(microseconds: Int64(term.per * 1e6)))
    case .size: "\(Amounts.points(term.per)) cpus"
    case .priority, .fairShare, .label: Amounts.points(term.per)
    }
  }
}
