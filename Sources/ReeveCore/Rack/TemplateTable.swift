package import ReeveModel

/// What launches share, under the rack's own numbers: a new master may give the same number to something else.
///
/// A template stays as long as the master's session may name it, or a launch that has not started needs it. Its number is
/// then given to another, which each node's stream carries anew.
package struct TemplateTable: Sendable {
  private var records: [Record] = []
  private var vacant: [TemplateNumber] = []
  /// The master's numbers in this session.
  private var ownNumber: [TemplateNumber: TemplateNumber] = [:]

  private struct Record: Sendable {
    var template: NumberedTemplate
    var constraints: ConstraintNumber
    var uses = 0
    var isOfSession = true
  }

  package init() {}

  /// A new master session has carried no template yet.
  package mutating func beginSession() {
    for own in ownNumber.values.sorted() { leaveSession(own) }
    ownNumber.removeAll()
  }

  /// Takes in what the master's stream carries. A number that comes again means the new template from here on.
  /// - Parameters:
  ///   - incoming: the template, under the master's number.
  ///   - constraints: the rack's own number for its constraints.
  /// - Returns: the rack's own number, never carried before by any node's stream if the caller forgets old ones.
  package mutating func admit(
    _ incoming: NumberedTemplate,
    _ constraints: ConstraintNumber = .none
  ) -> TemplateNumber {
    if let old = ownNumber[incoming.number] { leaveSession(old) }
    let own = vacant.popLast() ?? TemplateNumber(UInt32(records.count))
    let record = Record(
      template: NumberedTemplate(
        number: own,
        job: incoming.job,
        role: incoming.role,
        template: incoming.template
      ),
      constraints: constraints
    )
    if own.index < records.count { records[own.index] = record } else { records.append(record) }
    ownNumber[incoming.number] = own
    return own
  }

  /// The rack's own number for one of the master's.
  package func own(_ number: TemplateNumber) -> TemplateNumber? { ownNumber[number] }

  package subscript(own: TemplateNumber) -> NumberedTemplate { records[own.index].template }

  package func shape(of own: TemplateNumber) -> RackShape {
    RackShape(records[own.index].template.template.resources, records[own.index].constraints)
  }

  /// The constraints that launches may still name by a template.
  package var constraints: Set<ConstraintNumber> { Set(records.map(\.constraints)) }

  package mutating func use(_ own: TemplateNumber) { records[own.index].uses += 1 }

  package mutating func release(_ own: TemplateNumber) {
    records[own.index].uses -= 1
    dropIfIdle(own)
  }

  private mutating func leaveSession(_ own: TemplateNumber) {
    records[own.index].isOfSession = false
    dropIfIdle(own)
  }

  private mutating func dropIfIdle(_ own: TemplateNumber) {
    guard records[own.index].uses == 0, !records[own.index].isOfSession else { return }
    records[own.index].template.template = TaskTemplate()
    records[own.index].constraints = .none
    vacant.append(own)
  }

  /// How many unstarted launches use each.
  package var uses: [Int] { records.map(\.uses) }
  package var count: Int { records.count - vacant.count }
}
