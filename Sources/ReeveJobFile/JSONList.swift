package import ReeveModel

/// The elements of a JSON list, each as a program gets it: a string as it is meant, anything else as it was written.
/// - Parameters:
///   - bytes: the file.
///   - field: what refusals call it.
/// - Returns: one string an element.
/// - Throws: a refusal whose message begins with its place.
package func readJSONList(_ bytes: [UInt8], field: String) throws(Refusal) -> PackedStrings {
  let document: Document
  do throws(Refusal) { document = try JSONParser.parse(bytes) } catch {
    throw Refusal(error.code, field: field, error.message)
  }
  guard document.kind(0) == .array else {
    throw document.refusal(.invalid, at: 0, field: field, #"a list is wanted here, such as ["a", "b"]."#)
  }
  var values = PackedStrings()
  for (_, value) in document.children(of: 0) { values.append(document.written(value)) }
  return values
}
