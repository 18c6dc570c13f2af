/// The word that was probably meant: the nearest of `known` by edit distance (insert, drop, replace, swap
/// neighbours).
///
/// At most one edit in three letters and three in all, without regard to case; the first of equals.
/// - Complexity: O(letters of `known` × letters of `word`); words of a quite different length cost nothing.
package func nearest(to word: String, among known: some Sequence<String>) -> String? {
  // No known word is longer, and the table of a megabyte by a megabyte would take hours.
  guard word.utf8.count <= Limits.nameBytes else { return nil }
  let wanted = Array(word.lowercased().utf8)
  var limit = min(3, max(1, wanted.count / 3))
  var best: String?
  for candidate in known where abs(candidate.utf8.count - wanted.count) <= limit {
    let distance = editDistance(wanted, Array(candidate.lowercased().utf8))
    guard distance <= limit, distance < wanted.count else { continue }
    best = candidate
    limit = distance - 1
    if limit < 0 { break }
  }
  return best
}

/// ` Did you mean "memory"?`, or nothing: the end of a message about an unknown word.
package func suggestion(for word: String, among known: some Sequence<String>) -> String {
  nearest(to: word, among: known).map { " Did you mean \($0.quoted)?" } ?? ""
}

/// Optimal string alignment over bytes, three rows at a time.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    row.reserveCapacity(b.count + 1)
    for j in b.indices {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
