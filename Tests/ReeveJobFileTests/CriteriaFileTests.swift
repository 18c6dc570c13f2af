import ReeveJobFile
import ReeveModel
import Testing

@Suite("Criteria files") struct CriteriaFileTests {
  @Test func `a file says what a priority is made of`() throws {
    let criteria = try readCriteria(
      Array(
        """
        terms:
          - {term: priority}
          - {term: age, weight: 2, per: 30m}
          - {term: fairShare, weight: 100}
          - {label: team, weight: 10, values: {web: 1, imaging: 3}, otherwise: -1}
          - {label: urgency, per: 0.5}
        shares: {bob: 1, ada: 2.5}
        """.utf8
      )
    )
    let values = PriorityCriteria.LabelValues(
      table: [.init(word: "imaging", value: 3), .init(word: "web", value: 1)],
      otherwise: -1
    )
    #expect(
      criteria.terms == [
        PriorityCriteria.Term(.priority), PriorityCriteria.Term(.age, weight: 2, per: 1_800),
        PriorityCriteria.Term(.fairShare, weight: 100),
        PriorityCriteria.Term(.label("team", values), weight: 10),
        PriorityCriteria.Term(.label("urgency", .init()), per: 0.5),
      ]
    )
    #expect(criteria.shares == [.init(user: "ada", share: 2.5), .init(user: "bob", share: 1)])
    #expect(try readCriteria(Array(#"{"shares": {"ada": 2}}"#.utf8)).terms == PriorityCriteria.plain.terms)
  }

  @Test(arguments: [
    (
      "terms: [{term: sise}]", "terms[0].term",
      "line 1, column 16: \"sise\" is no term. Did you mean \"size\"?", "fairShare"
    ),
    (
      "terms: [{term: age}, {term: size, per: 0}]", "terms[1].per",
      "line 1, column 40: 0 would be divided by", "16"
    ),
    ("terms: [{term: age, per: 0s}]", "terms[0].per", "0 would be divided by", "1h"),
    ("terms: [{label: team, per: 0}]", "terms[0].per", "0 would be divided by", "1"),
    ("terms: [{term: age, per: -1h}]", "terms[0].per", "\"-1h\" is negative", "1h30m"),
    ("shares: {ada: 0}", "shares.ada", "line 1, column 15: 0 would be divided by", "such as 2"),
    ("shares: {ada: -1}", "shares.ada", "-1.0 is out of range", "above 0"),
    ("terms: []", "terms", "line 1, column 8: there are 0 terms", "1 to 64"),
    ("terms: [{}]", "terms[0]", "is wrong here", "{label: team}"),
    ("terms: [{term: age, label: x}]", "terms[0]", "is wrong here", "either"),
    ("terms: [{term: age, wieght: 1}]", "terms[0].wieght", "Did you mean \"weight\"?", "per"),
    ("terms: [{term: age, weight: heavy}]", "terms[0].weight", "\"heavy\" is wrong here", "a number"),
    ("terms: [{term: age, weight: 1e300}]", "terms[0].weight", "out of range", "1000000000"),
    ("terms: [{term: age, values: {a: 1}}]", "terms[0].values", "only a label", "Leave it out"),
    ("terms: [{label: team, values: {a: b}}]", "terms[0].values.a", "\"b\" is wrong here", "a number"),
    ("weights: 1", "weights", "\"weights\" is no key here", "terms, shares"),
    ("- 1", "", "is wrong here", "\"terms\""),
  ])
  func `what is wrong is named, with its place and what would be right`(
    text: String,
    field: String,
    problem: String,
    right: String
  ) {
    do {
      let criteria = try readCriteria(Array(text.utf8))
      Issue.record("\(text) is read as \(criteria)")
    } catch {
      #expect(error.field == field, "\(error)")
      #expect(error.message.contains(problem) && error.message.contains(right), "\(error.message)")
    }
  }
}
