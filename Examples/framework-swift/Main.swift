import Foundation
import ReeveFramework

/// Counts words on a cluster, checks the counts against its own and prints the most frequent.
@main enum Main {
  static func main() async {
    do {
      let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
      let isRight = try await run(arguments)
      exit(isRight ? 0 : 1)
    } catch {
      FileHandle.standardError.write(Data("reeve-words: \(error)\n".utf8))
      exit(error is Arguments.Usage ? 2 : 1)
    }
  }

  private static func run(_ arguments: Arguments) async throws -> Bool {
    let text = try arguments.files.map { try String(decoding: Data(contentsOf: $0), as: UTF8.self) }
      .joined(separator: "\n")
    var options = FrameworkOptions(id: arguments.id)
    options.name = "words"
    options.role = arguments.role
    let count = WordCount(directory: arguments.state, options: options)
    let start = ContinuousClock.now
    let outcome = try await count.run(over: text)
    let seconds = ContinuousClock.now - start
    for (word, n) in outcome.counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(10) {
      print("\(String(repeating: " ", count: max(0, 8 - "\(n)".count)))\(n)  \(word)")
    }
    let total = outcome.counts.values.reduce(0, +)
    print(
      "\(total) words, \(outcome.counts.count) different, by \(outcome.tasks) tasks, up to \(outcome.mostRunning) at a time, in \(seconds)"
    )
    let isRight = outcome.counts == countSerially(text)
    print(isRight ? "a count of its own agrees" : "a count of its own does NOT agree")
    return isRight
  }

  private static func countSerially(_ text: String) -> [String: Int] {
    var counts: [String: Int] = [:]
    var word: [UInt8] = []
    for byte in Array(text.utf8) + [0x20] {
      let lower = byte | 0x20
      if lower >= 0x61, lower <= 0x7a, byte >= 0x41 {
        word.append(lower)
      } else if !word.isEmpty {
        counts[String(decoding: word, as: UTF8.self), default: 0] += 1
        word.removeAll(keepingCapacity: true)
      }
    }
    return counts
  }
}

/// What `run` takes.
struct Arguments {
  var id = "words-\(UInt32.random(in: 0 ... .max))"
  var role = "default"
  var state = FileManager.default.temporaryDirectory.appending(
    path: "reeve-words-\(UInt32.random(in: 0 ... .max))"
  )
  var files: [URL] = []

  struct Usage: Error, CustomStringConvertible {
    let description: String
  }

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let first = rest.popFirst() {
      switch first {
      case "--id", "--role", "--state":
        guard let value = rest.popFirst() else { throw Usage(description: "\(first) wants a value") }
        switch first {
        case "--id": id = value
        case "--role": role = value
        default: state = URL(fileURLWithPath: value)
        }
      case _ where first.hasPrefix("-"): throw Usage(description: "\(first) is no option. See --help.")
      default: files.append(URL(fileURLWithPath: first))
      }
    }
    guard !files.isEmpty else { throw Usage(description: "no file of text. Name one or more.") }
  }
}
