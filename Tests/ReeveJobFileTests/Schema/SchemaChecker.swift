import ReeveJobFile

/// As much of JSON Schema as the schema of job files uses. A word beyond that is a mistake of the schema's.
struct SchemaChecker {
  struct Unknown: Error { var word: String }

  let schema: Document

  func accepts(_ instance: Document) throws -> Bool { try accepts(instance, 0, by: 0) }

  private func accepts(_ instance: Document, _ node: Int, by rule: Int) throws -> Bool {
    // `true`, `false`, or an object of which each member is a condition.
    if schema.kind(rule) == .bool { return schema.string(rule) == "true" }
    return try schema.children(of: rule).allSatisfy { key, value in
      try holds(schema.string(key), value, instance, node, of: rule)
    }
  }

  private func holds(
    _ word: String,
    _ value: Int,
    _ instance: Document,
    _ node: Int,
    of rule: Int
  ) throws -> Bool {
    switch word {
    case "$schema", "title", "description", "$defs": true
    case "$ref": try accepts(instance, node, by: try target(of: schema.string(value)))
    case "not": try !accepts(instance, node, by: value)
    case "anyOf": try schema.children(of: value).contains { try accepts(instance, node, by: $0.value) }
    case "enum":
      instance.kind(node) == .string
        && schema.children(of: value).contains { schema.string($0.value) == instance.string(node) }
    case "type": isOfType(value, instance, node)
    case "pattern", "minLength", "maxLength": try isText(word, value, instance, node)
    case "minimum", "maximum", "exclusiveMinimum": isInRange(word, value, instance, node)
    case "minItems": instance.kind(node) != .array || instance.count(node) >= Int(schema.string(value)) ?? 0
    case "items":
      try instance.kind(node) != .array
        || instance.children(of: node).allSatisfy { try accepts(instance, $0.value, by: value) }
    case "required":
      instance.kind(node) != .object
        || schema.children(of: value).allSatisfy { instance.member(schema.string($0.value), of: node) != nil }
    case "properties", "additionalProperties": try membersFit(word, value, instance, node, of: rule)
    default: throw Unknown(word: word)
    }
  }

  private func target(of reference: String) throws -> Int {
    try reference.split(separator: "/").dropFirst().reduce(0) { node, part in
      guard let next = schema.member(String(part), of: node) else { throw Unknown(word: reference) }
      return next
    }
  }

  private func isOfType(_ value: Int, _ instance: Document, _ node: Int) -> Bool {
    let names =
      schema.kind(value) == .array
      ? schema.children(of: value).map { schema.string($0.value) } : [schema.string(value)]
    return names.contains { name in
      switch instance.kind(node) {
      case .null: name == "null"
      case .bool: name == "boolean"
      case .number:
        name == "number" || name == "integer" && number(instance, node).rounded() == number(instance, node)
      case .string: name == "string"
      case .array: name == "array"
      case .object: name == "object"
      }
    }
  }

  private func number(_ document: Document, _ node: Int) -> Double { Double(document.string(node)) ?? .nan }

  private func isInRange(_ word: String, _ value: Int, _ instance: Document, _ node: Int) -> Bool {
    guard instance.kind(node) == .number else { return true }
    let (given, bound) = (number(instance, node), number(schema, value))
    return word == "minimum" ? given >= bound : word == "maximum" ? given <= bound : given > bound
  }

  private func isText(_ word: String, _ value: Int, _ instance: Document, _ node: Int) throws -> Bool {
    guard instance.kind(node) == .string else { return true }
    let text = instance.string(node)
    if word == "pattern" { return try text.firstMatch(of: Regex(schema.string(value))) != nil }
    let bound = Int(schema.string(value)) ?? 0
    return word == "minLength" ? text.unicodeScalars.count >= bound : text.unicodeScalars.count <= bound
  }

  private func membersFit(
    _ word: String,
    _ value: Int,
    _ instance: Document,
    _ node: Int,
    of rule: Int
  ) throws -> Bool {
    guard instance.kind(node) == .object else { return true }
    let named = schema.member("properties", of: rule)
    return try instance.children(of: node).allSatisfy { key, child in
      let own = named.flatMap { schema.member(instance.string(key), of: $0) }
      if word == "properties" { return try own.map { try accepts(instance, child, by: $0) } ?? true }
      return try own != nil || accepts(instance, child, by: value)
    }
  }
}
