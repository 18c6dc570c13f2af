import Foundation
import ReeveJobFile
import ReeveModel
import Testing

/// Whatever users can meet is in the manual.
@Suite("What the manual tells of") struct ManualTests {
  private static let catalog = SourceTree.root.appending(path: "Sources/ReeveCLI/Documentation.docc")

  private func page(_ name: String) throws -> String {
    try String(contentsOf: Self.catalog.appending(path: "\(name).md"), encoding: .utf8)
  }

  /// Whether each has a line of a table on the page, in its first column or behind a comma there.
  private func expectLines(for words: [String], on name: String) throws {
    let heads = try page(name).split(separator: "\n").filter { $0.hasPrefix("| ") }.map {
      $0.dropFirst(2).prefix { $0 != "|" }
    }
    #expect(!words.isEmpty)
    for word in words {
      let isTold = heads.contains { $0.contains("`\(word)`") || $0 == "\(word) " }
      #expect(isTold, "\(name).md has no line for \(word)")
    }
  }

  @Test func `every reason, every state and every answer of explain`() throws {
    let reasons = FailureReason.allCases.filter { $0 != .none }.map(\.code)
    try expectLines(for: reasons, on: "StatesAndReasons")
    try expectLines(for: Explanation.Code.allCases.map(\.rawValue), on: "StatesAndReasons")
    try expectLines(for: TaskState.allCases.map(\.shown), on: "StatesAndReasons")
    let text = try page("StatesAndReasons")
    for state in TaskState.allCases { #expect(text.contains("`\(state.phase)`"), "\(state)") }
  }

  @Test func `the transitions of a task, and no others`() throws {
    var told: [TaskState: Set<TaskState>] = [:]
    let table = try page("StatesAndReasons").components(separatedBy: "## ").first {
      $0.hasPrefix("Transitions")
    }
    for line in try #require(table).split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|")
      let states = cells.prefix(2).map { cell in
        cell.matches(of: /`(\w+)`/).compactMap { match in
          TaskState.allCases.first { $0.phase == match.output.1 }
        }
      }
      for from in states[0] { told[from, default: []].formUnion(states[1]) }
    }
    #expect(told == TaskState.transitions)
  }

  @Test func `every exit code, and every refusal`() throws {
    let source = try SourceTree.files(["swift"]).first { $0.path.hasSuffix("ReeveOutput/ExitStatus.swift") }
    let codes = try #require(source).lines.compactMap {
      $0.firstMatch(of: /static let \w+: Int32 = (\d+)/).map { String($0.output.1) }
    }
    #expect(codes.count >= 10)
    try expectLines(for: codes, on: "ExitCodes")
    try expectLines(for: Refusal.Code.allCases.map(\.rawValue), on: "ExitCodes")
  }

  @Test func `every key of a job file, every policy and every condition`() throws {
    try expectLines(for: JobKey.allCases.map(\.rawValue), on: "Files")
    try expectLines(for: TaskKey.allCases.map(\.rawValue), on: "Files")
    try expectLines(for: QueueOrder.allCases.map(\.word), on: "Orders")
    try expectLines(for: DependencyKind.Condition.allCases.map(\.word), on: "Submit")
  }

  @Test func `every verb, and every option of submit`() throws {
    let verbs = try Program.run(["--help"]).output.split(separator: "\n").compactMap {
      $0.firstMatch(of: #/^  ([a-z]+)  /#).map { String($0.output.1) }
    }
    #expect(verbs.count > 20)
    try expectLines(for: verbs, on: "Start")
    let submit = try Program.run(["submit", "--help"]).output
    let text = try page("Submit") + page("Files")
    for option in submit.matches(of: /^  (?:-\w, )?(--[a-z-]+)/.anchorsMatchLineEndings()) {
      let isTold = option.output.1 == "--help" || text.contains(option.output.1)
      #expect(isTold, "\(option.output.1) is on neither page")
    }
  }

  @Test func `no link leads nowhere`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.catalog.path)
    let files =
      names.map { Self.catalog.appending(path: $0) } + [SourceTree.root.appending(path: "README.md")]
    for file in files {
      for match in try String(contentsOf: file, encoding: .utf8).matches(of: /\]\(([^)#]*)(?:#([^)]*))?\)/) {
        let (path, anchor) = (String(match.output.1), match.output.2.map(String.init))
        guard !path.hasPrefix("http") else { continue }
        let target = path.isEmpty ? file : file.deletingLastPathComponent().appending(path: path)
        let text = try? String(contentsOf: target, encoding: .utf8)
        #expect(text != nil, "\(file.lastPathComponent): there is no \(path)")
        guard let anchor, let text else { continue }
        let anchors = text.split(separator: "\n").filter { $0.hasPrefix("#") }.map(Self.anchor)
        #expect(anchors.contains(anchor), "\(file.lastPathComponent): \(path) has no #\(anchor)")
      }
    }
  }

  /// As forges make it of a heading.
  private static func anchor(_ heading: Substring) -> String {
    heading.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-").filter {
      $0.isLetter || $0.isNumber || $0 == "-"
    }
  }
}
