package import ReeveModel

/// Why a task is where it is, as `explain` prints it.
package struct ExplanationSheet: Sendable {
  private let explanation: Explanation

  package init(_ explanation: Explanation) { self.explanation = explanation }

  private var selector: String { "\(explanation.task.job)/\(explanation.task.name)" }

  package var fields: [Field] {
    [
      Field("task", .text(selector)),
      Field("state", .text(explanation.task.state.shown)),
      Field("code", .text(explanation.code.rawValue)),
      Field("sentence", .text(explanation.sentence)),
      Field("ahead", .integer(explanation.ahead)),
      Field("terms", .list(explanation.terms.map { .object(Self.fields(of: $0)) })),
      Field("waitsForCount", .integer(explanation.waitsForCount)),
      Field(
        "waitsFor",
        .list(
          explanation.waitsFor.map {
            .object([Field("task", .text($0.selector)), Field("state", .text($0.shown))])
          }
        )
      ),
      Field("racks", .list(explanation.racks.map { .object(Self.fields(of: $0)) })),
    ]
  }

  private static func fields(of term: Explanation.Term) -> [Field] {
    [
      Field("term", .text(term.name)), Field("value", .millionths(rounding: term.value)),
      Field("weight", .millionths(rounding: term.weight)),
      Field("points", .millionths(rounding: term.points)),
    ]
  }

  private static func fields(of rack: Explanation.RackFunnel) -> [Field] {
    [
      Field("rack", .text(rack.rack)),
      Field("connected", .flag(rack.isConnected)),
      Field("nodes", .integer(rack.nodes)),
      Field("matching", .integer(rack.matching)),
      Field("largeEnough", .integer(rack.largeEnough)),
      Field("fitsNow", .integer(rack.fitsNow)),
      Field("freeCpus", .thousandths(rack.free.cpuMillis)),
      Field("freeMemory", .integer(rack.free.memory)),
      Field("freeDisk", .integer(rack.free.disk)),
    ]
  }

  package var text: String {
    var lines = [
      "\(selector) is \(explanation.task.state.shown): \(explanation.code.rawValue)", explanation.sentence,
    ]
    for ancestor in explanation.waitsFor {
      lines.append("  \(ancestor.selector)  \(ancestor.shown)")
    }
    if explanation.waitsForCount > explanation.waitsFor.count {
      lines.append("  … and \(explanation.waitsForCount - explanation.waitsFor.count) more")
    }
    if !explanation.terms.isEmpty { lines.append(terms) }
    let text = lines.joined(separator: "\n") + "\n"
    guard !explanation.racks.isEmpty else { return text }
    var table = Table(Self.columns)
    return text + "\(Amounts.count(explanation.ahead, "task")) ahead of it.\n\n" + table.page(rows)
  }

  /// Term by term, and their sum.
  private var terms: String {
    var table = Table([
      Table.Column("TERM"), Table.Column("VALUE", isNumber: true), Table.Column("WEIGHT", isNumber: true),
      Table.Column("POINTS", isNumber: true),
    ])
    var rows = explanation.terms.map {
      [$0.name, Amounts.points($0.value), Amounts.points($0.weight), Amounts.points($0.points)]
    }
    if rows.count > 1 {
      rows.append(["sum", "", "", Amounts.points(explanation.terms.reduce(0) { $0 + $1.points })])
    }
    return "\n" + table.page(rows)
  }

  private static let columns = [
    Table.Column("RACK"), Table.Column("NODES", isNumber: true), Table.Column("MATCHING", isNumber: true),
    Table.Column("LARGE ENOUGH", isNumber: true),
    Table.Column("FITS NOW", isNumber: true), Table.Column("FREE CPUS", isNumber: true),
    Table.Column("FREE MEMORY", isNumber: true),
  ]

  private var rows: [[String]] {
    explanation.racks.sorted { $0.rack < $1.rack }.map { rack in
      [
        rack.isConnected ? rack.rack : "\(rack.rack) (away)", "\(rack.nodes)", "\(rack.matching)",
        "\(rack.largeEnough)", "\(rack.fitsNow)", Amounts.cpus(rack.free.cpuMillis),
        Amounts.size(rack.free.memory),
      ]
    }
  }
}
