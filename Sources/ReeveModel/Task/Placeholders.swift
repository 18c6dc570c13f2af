/// Words of a command, of an environment or of a path in which `%{index}`, `%{value}`, `%{job}`, `%{task}` and `%{attempt}`
/// stand for what is known only when a task is launched. Whatever else begins with `%` stays as it is.
package struct Placeholders: Sendable {
  private let values: [(name: String, value: String)]

  /// - Parameters:
  ///   - job: its id.
  ///   - task: its name.
  ///   - attempt: its id.
  ///   - index: of a task of an array; without it `%{index}` and `%{value}` stay as they are.
  ///   - value: of that task, where its array has values.
  package init(job: JobID, task: String, attempt: AttemptID, index: UInt32?, value: String?) {
    var values = [("%{job}", job.text), ("%{task}", task), ("%{attempt}", "\(attempt)")]
    if let index { values.append(("%{index}", "\(index)")) }
    if let value { values.append(("%{value}", value)) }
    self.values = values
  }

  /// What a word comes to. What stands for a placeholder is not looked at again.
  package func expand(_ word: String) -> String {
    // Nearly no word has any.
    guard word.utf8.contains(UInt8(ascii: "%")) else { return word }
    var (result, rest) = ("", word[...])
    while let percent = rest.firstIndex(of: "%") {
      result += rest[..<percent]
      rest = rest[percent...]
      if let known = values.first(where: { rest.hasPrefix($0.name) }) {
        result += known.value
        rest = rest.dropFirst(known.name.count)
      } else {
        result.append("%")
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }
}
