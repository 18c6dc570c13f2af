package import ReeveModel

/// Reads what a priority is made of: YAML or JSON with the keys of `CriteriaKey`; unknown keys are errors. What the file says has
/// passed every rule of `PriorityCriteria.validate`.
/// - Throws: a refusal whose message begins with its place, and whose field is a path such as `terms[2].per`.
package func readCriteria(_ bytes: [UInt8]) throws(Refusal) -> PriorityCriteria {
  let document = try Document.read(bytes)
  return try CriteriaReader(document: document).criteria()
}

/// What criteria may say.
package enum CriteriaKey: String, CaseIterable {
  case terms, shares
}

/// What criteria may say of a term.
package enum TermKey: String, CaseIterable {
  case term, label, weight, per, values, otherwise
}

private struct CriteriaReader {
  let document: Document

  func criteria() throws(Refusal) -> PriorityCriteria {
    guard document.kind(0) == .object else { throw wrong(0, "", "an object with a list \"terms\"") }
    var criteria = PriorityCriteria(terms: [])
    for (key, value) in document.children(of: 0) {
      switch CriteriaKey(rawValue: document.string(key)) {
      case .terms: criteria.terms = try terms(value)
      case .shares: criteria.shares = try numbers(value, "shares").map { .init(user: $0.0, share: $0.1) }
      case nil: throw unknown(key, document.string(key), CriteriaKey.allCases.map(\.rawValue))
      }
    }
    if document.member("terms", of: 0) == nil { criteria.terms = PriorityCriteria.plain.terms }
    try placed { () throws(Refusal) in try criteria.validate() }
    return criteria
  }

  private func terms(_ list: Int) throws(Refusal) -> [PriorityCriteria.Term] {
    guard document.kind(list) == .array else {
      throw wrong(list, "terms", "a list, such as [{term: age, weight: 10, per: 1h}]")
    }
    var terms: [PriorityCriteria.Term] = []
    for (_, node) in document.children(of: list) { terms.append(try term(node, "terms[\(terms.count)]")) }
    return terms
  }

  private func term(_ node: Int, _ path: String) throws(Refusal) -> PriorityCriteria.Term {
    guard document.kind(node) == .object else {
      throw wrong(node, path, "an object, such as {term: age, weight: 10}")
    }
    for (key, _) in document.children(of: node) where TermKey(rawValue: document.string(key)) == nil {
      throw unknown(key, "\(path).\(document.string(key))", TermKey.allCases.map(\.rawValue))
    }
    let factor = try factor(node, path)
    let weight = try member(.weight, of: node).map { value throws(Refusal) in
      try number(value, "\(path).weight")
    }
    let per = try member(.per, of: node).map { value throws(Refusal) in
      try unit(value, of: factor, "\(path).per")
    }
    return PriorityCriteria.Term(factor, weight: weight ?? 1, per: per)
  }

  private func factor(_ node: Int, _ path: String) throws(Refusal) -> PriorityCriteria.Factor {
    switch (member(.term, of: node), member(.label, of: node)) {
    case (let term?, nil):
      if let key = [TermKey.values, .otherwise].first(where: { member($0, of: node) != nil }) {
        throw document.refusal(
          .invalid,
          at: node,
          field: "\(path).\(key.rawValue)",
          "only a label has \(key.rawValue). Leave it out, or write \"label\" for \"term\"."
        )
      }
      let word = document.string(term)
      guard let factor = PriorityCriteria.Factor.named.first(where: { $0.word == word }) else {
        throw document.refusal(
          .invalid,
          at: term,
          field: "\(path).term",
          PriorityCriteria.Factor.unknown(word)
        )
      }
      return factor
    case (nil, let label?):
      let table = try member(.values, of: node).map { value throws(Refusal) in
        try numbers(value, "\(path).values")
      }
      let otherwise = try member(.otherwise, of: node).map { value throws(Refusal) in
        try number(value, "\(path).otherwise")
      }
      return .label(
        document.string(label),
        PriorityCriteria.LabelValues(
          table: (table ?? []).map { .init(word: $0.0, value: $0.1) },
          otherwise: otherwise ?? 0
        )
      )
    default: throw wrong(node, path, "either a \"term\" or a \"label\", such as {term: age} or {label: team}")
    }
  }

  private func member(_ key: TermKey, of node: Int) -> Int? { document.member(key.rawValue, of: node) }

  private func number(_ node: Int, _ path: String) throws(Refusal) -> Double {
    guard document.kind(node) == .number, let number = Double(document.string(node)) else {
      throw wrong(node, path, "a number, such as 10 or -0.5")
    }
    return number
  }

  /// How much counts as one: of times a length of time, else a number.
  private func unit(_ node: Int, of factor: PriorityCriteria.Factor, _ path: String) throws(Refusal) -> Double
  {
    guard factor == .age || factor == .deadline, document.kind(node) == .string else {
      return try number(node, path)
    }
    do throws(Refusal) {
      return try Quantity.duration(document.string(node), field: path).seconds
    } catch {
      throw document.refusal(error.code, at: node, field: path, error.message)
    }
  }

  /// An object of numbers, sorted by name.
  private func numbers(_ node: Int, _ path: String) throws(Refusal) -> [(String, Double)] {
    guard document.kind(node) == .object else {
      throw wrong(node, path, "an object of numbers, such as {imaging: 3}")
    }
    var numbers: [(String, Double)] = []
    for (key, value) in document.children(of: node) {
      let name = document.string(key)
      numbers.append((name, try number(value, "\(path).\(name)")))
    }
    return numbers.sorted { $0.0 < $1.0 }
  }

  /// Gives what `validate` refuses its place, as near as its path leads.
  private func placed(_ validate: () throws(Refusal) -> Void) throws(Refusal) {
    do throws(Refusal) {
      try validate()
    } catch {
      throw document.refusal(error.code, at: node(of: error.field), field: error.field, error.message)
    }
  }

  private func node(of path: String) -> Int {
    path.split { $0 == "." || $0 == "[" || $0 == "]" }.reduce(0) { node, step in
      if document.kind(node) == .array, let place = Int(step) {
        return document.children(of: node).dropFirst(place).first { _ in true }?.value ?? node
      }
      return document.member(String(step), of: node) ?? node
    }
  }

  private func unknown(_ node: Int, _ path: String, _ known: [String]) -> Refusal {
    let word = document.string(node)
    return document.refusal(
      .unknownKey,
      at: node,
      field: path,
      "\(word.quoted) is no key here.\(suggestion(for: word, among: known)) Keys: \(known.joined(separator: ", "))."
    )
  }

  private func wrong(_ node: Int, _ path: String, _ right: String) -> Refusal {
    document.refusal(
      .invalid,
      at: node,
      field: path,
      "\(document.written(node).quoted) is wrong here. Write \(right)."
    )
  }
}
