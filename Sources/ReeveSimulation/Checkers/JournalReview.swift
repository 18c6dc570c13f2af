package import ReeveModel

/// Puts the facts of a whole journal before the checkers that need nothing else.
///
/// - Returns: what is wrong with them, in sentences; also what has not ended, for the journal is a cluster's at rest.
package func reviewJournal(_ facts: some Sequence<Fact>) -> [String] {
  var checkers: [any Checker] = [
    Attempts(), OneEnd(), Dependencies(), PolicyOrder(), Cancellation(), Fences(),
  ]
  var books = Books()
  for (place, fact) in facts.enumerated() {
    for i in checkers.indices {
      let found = checkers[i].see(.durable(fact), books)
      // What comes later is reckoned from what has just been found untrue.
      guard found.isEmpty else {
        return found.map { "fact \(place + 1), against \"\(type(of: checkers[i]).promise)\": \($0)" }
      }
    }
    books.apply(fact)
  }
  return books.unfinished
}
