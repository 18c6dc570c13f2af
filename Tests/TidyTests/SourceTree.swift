import Foundation

/// The project's own files, as the habits look at them.
enum SourceTree {
  struct File {
    /// From the package's directory.
    var path: String
    var lines: [Substring]

    var isTest: Bool { path.hasPrefix("Tests/") }
    /// `ReeveCore` of `Sources/ReeveCore/Core.swift`.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
  }

  struct Missing: Error { var what: String }

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// All that was written by hand in these languages.
  static func files(_ extensions: Set<String> = ["swift", "c", "h"]) throws -> [File] {
    var files: [File] = []
    for top in ["Sources", "Tests"] {
      let folder = root.appending(path: top).path
      guard let found = FileManager.default.enumerator(atPath: folder) else { throw Missing(what: folder) }
      for case let name as String in found where !name.contains("/Generated/") {
        guard extensions.contains(URL(filePath: name).pathExtension) else { continue }
        let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        files.append(File(path: "\(top)/\(name)", lines: lines.last == "" ? lines.dropLast() : lines))
      }
    }
    guard files.count > 50 else { throw Missing(what: "\(root.path) has only \(files.count) files") }
    return files.sorted { $0.path < $1.path }
  }
}

/// A function as its form tells: the formatter puts the brace that closes a body where its first line begins.
struct Function {
  /// Its first line.
  var text: Substring
  /// Of its first line, counted from 1.
  var number: Int
  /// With its first and its last.
  var lines: Int

  /// Those of a file that have a body.
  static func all(in lines: [Substring]) -> [Function] {
    lines.indices.compactMap { first in
      guard isBeginning(lines[first]) else { return nil }
      let indent = lines[first].prefix { $0 == " " }
      guard let open = openingLine(from: first, indent: indent, in: lines) else { return nil }
      if lines[open].hasSuffix("}") {
        return Function(text: lines[first], number: first + 1, lines: open - first + 1)
      }
      guard let close = lines[open...].dropFirst().firstIndex(where: { $0.hasPrefix("\(indent)}") }) else {
        return nil
      }
      return Function(text: lines[first], number: first + 1, lines: close - first + 1)
    }
  }

  private static let modifiers: Set<Substring> = [
    "package", "public", "private", "fileprivate", "internal", "static", "mutating", "consuming", "borrowing",
    "override", "convenience", "required", "nonisolated", "prefix",
  ]

  private static func isBeginning(_ line: Substring) -> Bool {
    let words = line.split(separator: " ")
    guard
      let keyword = words.firstIndex(where: {
        $0 == "func" || $0.hasPrefix("init(") || $0.hasPrefix("init?(")
      })
    else { return false }
    return words[..<keyword].allSatisfy { modifiers.contains($0) || $0.hasPrefix("@") }
  }

  /// The line that opens the body, within those of the head; `nil` where there is no body.
  private static func openingLine(from first: Int, indent: Substring, in lines: [Substring]) -> Int? {
    for number in first..<min(first + 40, lines.count) {
      let line = lines[number]
      if line.hasSuffix("{") || line.hasSuffix("}") { return number }
      guard number > first else { continue }
      let isHead =
        line.hasPrefix("\(indent)  ") || line.hasPrefix("\(indent))") || line.hasPrefix("\(indent)->")
      guard isHead else { return nil }
    }
    return nil
  }
}
