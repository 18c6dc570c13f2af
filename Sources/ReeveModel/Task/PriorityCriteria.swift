/// What a task's priority is made of: a list of terms, each a quantity of the task, counted in some unit and weighed.
package struct PriorityCriteria: Hashable, Sendable {
  package var terms: [Term]
  /// Users who are due more than others, or less; sorted by name, without repeats. All others are due 1.
  package var shares: [UserShare]

  package init(terms: [Term], shares: [UserShare] = []) {
    self.terms = terms
    self.shares = shares
  }

  /// The priority that the task was given, and nothing else.
  package static let plain = PriorityCriteria(terms: [Term(.priority)])

  /// What a user is due beside others.
  package func due(of user: String) -> Double {
    let place = shares.partitioningIndex { $0.user >= user }
    return place < shares.count && shares[place].user == user ? shares[place].share : 1
  }

  package struct UserShare: Hashable, Sendable {
    package var user: String
    package var share: Double

    package init(user: String, share: Double) {
      self.user = user
      self.share = share
    }
  }

  package struct Term: Hashable, Sendable {
    package var factor: Factor
    package var weight: Double
    /// How much of the factor counts as one: seconds of times, cores of sizes.
    package var per: Double

    package init(_ factor: Factor, weight: Double = 1, per: Double? = nil) {
      self.factor = factor
      self.weight = weight
      self.per = per ?? factor.usualUnit
    }

    /// As it is called where it is shown: a label by its own name.
    package var name: String {
      if case .label(let name, _) = factor { "label \(name)" } else { factor.word }
    }
  }

  package enum Factor: Hashable, Sendable {
    /// As it was given.
    case priority
    /// How long ago it was submitted.
    case age
    /// How many cores it asks for.
    case size
    /// How long ago its deadline was; before that it is negative. One without is as if due `deadlineHorizon` after its
    /// submission, so that all grow alike and none overtakes another by waiting.
    case deadline
    /// One, less what its user has of the cluster, of the resource of which that is most; by what the user is due.
    case fairShare
    /// What a label of the task or its job says.
    case label(String, LabelValues)

    package var usualUnit: Double {
      switch self {
      case .age, .deadline: 3_600
      case .priority, .size, .fairShare, .label: 1
      }
    }
  }

  /// What the words of a label are worth.
  package struct LabelValues: Hashable, Sendable {
    /// Sorted by word, without repeats; empty where the label is a number itself.
    package var table: [Entry]
    /// Of tasks without the label, or with a word that is not in the table.
    package var otherwise: Double

    package struct Entry: Hashable, Sendable {
      package var word: String
      package var value: Double

      package init(word: String, value: Double) {
        self.word = word
        self.value = value
      }
    }

    package init(table: [Entry] = [], otherwise: Double = 0) {
      self.table = table
      self.otherwise = otherwise
    }

    package func value(of word: String?) -> Double {
      guard let word else { return otherwise }
      if table.isEmpty { return Double(word).flatMap { $0.isFinite ? $0 : nil } ?? otherwise }
      let place = table.partitioningIndex { $0.word >= word }
      return place < table.count && table[place].word == word ? table[place].value : otherwise
    }
  }

  package static let deadlineHorizon = TimeSpan.seconds(30 * 86_400)
}

extension PriorityCriteria.Factor {
  /// As users write it.
  package var word: String {
    switch self {
    case .priority: "priority"
    case .age: "age"
    case .size: "size"
    case .deadline: "deadline"
    case .fairShare: "fairShare"
    case .label: "label"
    }
  }

  /// What is said of a word that is none of them.
  package static func unknown(_ word: String) -> String {
    let words = named.map(\.word)
    return
      "\(word.quoted) is no term.\(suggestion(for: word, among: words)) Use one of: \(words.joined(separator: ", ")); "
      + "or a label."
  }

  /// Those that have a name of their own.
  package static let named: [PriorityCriteria.Factor] = [.priority, .age, .size, .deadline, .fairShare]
}

// What may stand in criteria.
extension PriorityCriteria {
  package static let termsMax = 64
  package static let entriesMax = 10_000
  /// Of weights, units and values: sums of such stay exact enough to tell tasks apart.
  private static let largest = 1e9

  /// - Throws: `.invalid` with the path of what is wrong, its value, and what would be right.
  package func validate() throws(Refusal) {
    guard (1...Self.termsMax).contains(terms.count) else {
      throw Refusal(
        .invalid,
        field: "terms",
        "there are \(terms.count) terms. Give 1 to \(Self.termsMax), such as {\"term\": \"priority\"}."
      )
    }
    for (i, term) in terms.enumerated() { try term.validate("terms[\(i)]") }
    guard shares.count <= Self.entriesMax else {
      throw Refusal(
        .invalid,
        field: "shares",
        "there are \(shares.count) users. Give at most \(Self.entriesMax)."
      )
    }
    for share in shares {
      try Self.check(unit: share.share, "shares.\(share.user)", "what the user is due, such as 2")
    }
  }

  static func check(number: Double, _ field: String) throws(Refusal) {
    guard abs(number) <= largest else {
      throw Refusal(.invalid, field: field, "\(number) is out of range. Use -1000000000 to 1000000000.")
    }
  }

  static func check(unit: Double, _ field: String, _ right: String) throws(Refusal) {
    guard unit != 0 else { throw Refusal(.invalid, field: field, "0 would be divided by. Use \(right).") }
    guard unit > 0, unit <= largest else {
      throw Refusal(
        .invalid,
        field: field,
        "\(unit) is out of range. Use \(right), above 0 and up to 1000000000."
      )
    }
  }
}

extension PriorityCriteria.Term {
  fileprivate func validate(_ path: String) throws(Refusal) {
    try PriorityCriteria.check(number: weight, "\(path).weight")
    try PriorityCriteria.check(unit: per, "\(path).per", "how much of it counts as one, such as \(example)")
    guard case .label(let name, let values) = factor else { return }
    guard !name.isEmpty, name.utf8.count <= Limits.nameBytes else {
      throw Refusal(
        .invalid,
        field: "\(path).label",
        "\(name.quoted) is no name of a label. Use 1 to \(Limits.nameBytes) bytes, such as \"team\"."
      )
    }
    guard values.table.count <= PriorityCriteria.entriesMax else {
      throw Refusal(
        .invalid,
        field: "\(path).values",
        "there are \(values.table.count) words. Give at most \(PriorityCriteria.entriesMax)."
      )
    }
    try PriorityCriteria.check(number: values.otherwise, "\(path).otherwise")
    for entry in values.table {
      try PriorityCriteria.check(number: entry.value, "\(path).values.\(entry.word)")
    }
  }

  private var example: String {
    switch factor {
    case .age, .deadline: "1h"
    case .size: "16"
    case .priority, .fairShare, .label: "1"
    }
  }
}
