import Foundation
import Testing

@Suite("Tidy", .timeLimit(.minutes(1))) struct TidyTests {
  @Test func `the model imports nothing, and the cores only the model and collections`() throws {
    let allowed: [String: Set<String>] = [
      "ReeveModel": [], "ReeveCore": ["ReeveModel", "DequeModule", "OrderedCollections", "HeapModule"],
    ]
    for file in try SourceTree.files(["swift"]) {
      guard !file.isTest, let allowed = allowed[file.target] else { continue }
      for line in file.lines {
        guard let module = line.firstMatch(of: /^\s*(?:@\w+ |\w+ )?import (?:\w+ )?(\w+)/)?.output.1 else {
          continue
        }
        #expect(allowed.contains(String(module)), "\(file.path): \(line)")
      }
    }
  }

  @Test func `no file has more than 400 lines`() throws {
    for file in try SourceTree.files() {
      #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count): look for the seam")
    }
  }

  @Test func `no function has more than 70 lines`() throws {
    var count = 0
    for file in try SourceTree.files(["swift"]) {
      for function in Function.all(in: file.lines) {
        count += 1
        #expect(
          function.lines <= 70,
          "\(file.path):\(function.number) has \(function.lines): \(function.text)"
        )
      }
    }
    #expect(count > 1_000, "the scan sees only \(count) functions")
  }

  @Test func `nothing is left to do in a comment`() throws {
    let marks = ["TO" + "DO", "FIX" + "ME"]
    for file in try SourceTree.files() {
      for (number, line) in file.lines.enumerated() {
        let isMarked = marks.contains { line.contains($0) }
        #expect(!isMarked, "\(file.path):\(number + 1): \(line)")
      }
    }
  }

  @Test func `libraries print nothing, and nothing is tried by force`() throws {
    for file in try SourceTree.files(["swift"]) {
      for (number, line) in file.lines.enumerated() {
        let place = "\(file.path):\(number + 1)"
        let prints = line.contains(/\b(debugPrint|print|dump)\(/)
        #expect(!prints || file.isTest || file.target == "ReeveCLI", "\(place): \(line)")
        #expect(!line.contains("try" + "!"), "\(place): \(line)")
      }
    }
  }

  @Test func `whoever vouches for a type that the compiler cannot check says why`() throws {
    for file in try SourceTree.files(["swift"]) {
      for (number, line) in file.lines.enumerated() where line.contains("@unchecked " + "Sendable") {
        let above = number > 0 ? file.lines[number - 1].drop { $0 == " " } : ""
        #expect(above.hasPrefix("//"), "\(file.path):\(number + 1): \(line)")
      }
    }
  }
}
