import Foundation
import ReeveFramework

/// Counts words over text as an elastic map-reduce: maps count the words of a piece each, reduces add up what begins with some
/// letters. How many run at a time is what the cluster has to offer.
///
/// All that it must know after a crash lies in its directory: a piece whose counts are there is not counted again, for a task
/// renames its output when it is whole.
struct WordCount: Sendable {
  let directory: URL
  let options: FrameworkOptions
  /// Per slice; small, so that what is free anywhere can be used.
  let shape = Resources(cpus: 1, memory: 32 << 20)

  private static let pieceBytes = 64 << 10
  private static let reduces = ["a-d", "e-h", "i-l", "m-p", "q-t", "u-z"]

  struct Outcome {
    var counts: [String: Int]
    var tasks: Int
    /// The most that were known to run at one time.
    var mostRunning: Int
  }

  func run(over text: String) async throws -> Outcome {
    let pieces = try writePieces(of: text)
    return try await Framework.with(options) { framework in
      let run = TaskRun(framework, shape: shape, log: try TaskLog(directory.appending(path: "tasks")))
      let maps = pieces.map { piece in
        Work(id: piece, command: mapCommand(piece), output: directory.appending(path: "\(piece).count"))
      }
      try await run.finish(maps)
      let reduces = Self.reduces.enumerated().map { i, letters in
        Work(
          id: "reduce-\(i)",
          command: reduceCommand(letters, pieces, "reduce-\(i)"),
          output: directory.appending(path: "reduce-\(i).count")
        )
      }
      try await run.finish(reduces)
      try await framework.tearDown()
      return Outcome(
        counts: try readCounts(reduces.map(\.output)),
        tasks: await run.started,
        mostRunning: await run.mostRunning
      )
    }
  }

  /// Cut at blanks; written once, so that a second run has the same.
  private func writePieces(of text: String) throws -> [String] {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    var names: [String] = []
    var rest = Substring(text)
    while !rest.isEmpty {
      let limit = rest.utf8.index(rest.startIndex, offsetBy: Self.pieceBytes, limitedBy: rest.endIndex)
      let end = limit.flatMap { rest[$0...].firstIndex(where: \.isWhitespace) } ?? rest.endIndex
      let name = "map-\(names.count)"
      let file = directory.appending(path: name)
      if !FileManager.default.fileExists(atPath: file.path) {
        try Data(rest[..<end].utf8).write(to: file, options: .atomic)
      }
      names.append(name)
      rest = rest[end...]
    }
    return names
  }

  private func mapCommand(_ piece: String) -> [String] {
    shell(
      "LC_ALL=C tr -cs 'A-Za-z' '\\n' <\"$0/\(piece)\" | tr A-Z a-z | grep . | sort | uniq -c",
      into: "\(piece).count"
    )
  }

  private func reduceCommand(_ letters: String, _ pieces: [String], _ name: String) -> [String] {
    shell(
      "cd \"$0\" && cat map-*.count | awk '$2 ~ /^[\(letters)]/ { n[$2] += $1 } END { for (w in n) print n[w], w }'",
      into: "\(name).count"
    )
  }

  /// Writes aside and renames: a task that is killed in the midst leaves nothing that could be taken for its output.
  private func shell(_ script: String, into output: String) -> [String] {
    let whole = "set -e; part=\"$0/\(output).$$\"; { \(script); } >\"$part\"; mv \"$part\" \"$0/\(output)\""
    return ["sh", "-c", whole, directory.path]
  }

  private func readCounts(_ files: [URL]) throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for file in files {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let parts = line.split(separator: " ")
        if parts.count == 2, let count = Int(parts[0]) { counts[String(parts[1])] = count }
      }
    }
    return counts
  }
}

/// A task that is wanted until its output is there.
struct Work: Sendable {
  let id: String
  let command: [String]
  let output: URL
  var isDone: Bool { FileManager.default.fileExists(atPath: output.path) }
}

/// The ids of tasks that were or were to be started, in a file: what this framework must know after a crash.
final class TaskLog {
  private let file: FileHandle
  /// Of each piece of work, how often it was started.
  private var counts: [String: Int] = [:]

  init(_ url: URL) throws {
    if !FileManager.default.fileExists(atPath: url.path) { try Data().write(to: url) }
    // A last line that a crash has cut short was never started.
    for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
      if let dot = line.lastIndex(of: "."), let n = Int(line[line.index(after: dot)...]) {
        counts[String(line[..<dot]), default: 0] = max(n, counts[String(line[..<dot])] ?? 0)
      }
    }
    file = try FileHandle(forWritingTo: url)
    try file.seekToEnd()
  }

  func lastTask(of work: String) -> String? { counts[work].map { "\(work).\($0)" } }

  func newTask(of work: String) throws -> String {
    counts[work, default: 0] += 1
    let id = "\(work).\(counts[work] ?? 1)"
    try file.write(contentsOf: Data("\(id)\n".utf8))
    return id
  }
}

/// Runs work as tasks, as many at a time as is offered.
actor TaskRun {
  private let framework: Framework
  private let shape: Resources
  private let log: TaskLog
  private(set) var started = 0
  private(set) var mostRunning = 0
  private var waiting: [Work] = []
  /// On their way, by the ids of their tasks.
  private var running: [String: Work] = [:]
  /// Tries of each, which name their tasks.
  private var tries: [String: Int] = [:]
  private var failure: WorkFailed?

  struct WorkFailed: Error, CustomStringConvertible {
    let description: String
  }

  init(_ framework: Framework, shape: Resources, log: TaskLog) {
    self.framework = framework
    self.shape = shape
    self.log = log
  }

  /// Returns when all of it is done.
  func finish(_ work: [Work]) async throws {
    for work in work where !work.isDone {
      // What an earlier life started may still run: it is not started again before the master has said that it does not.
      if let id = log.lastTask(of: work.id) { running[id] = work } else { waiting.append(work) }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.takeOffers() }
      group.addTask { try await self.hearUpdates() }
      if !running.isEmpty { try await framework.reconcile(Array(running.keys)) }
      try await demand()
      defer { group.cancelAll() }
      while !isFinished {
        if let failure { throw failure }
        try await Task.sleep(for: .milliseconds(5))
      }
    }
  }

  private var isFinished: Bool { waiting.isEmpty && running.isEmpty }

  private func demand() async throws {
    try await framework.demand([Demand(shape: shape, count: waiting.count)])
  }

  private func takeOffers() async throws {
    for await offers in framework.offers {
      for offer in offers {
        let batch = try takeWaiting(offer.count)
        guard !batch.isEmpty else {
          try? await framework.decline([offer])
          continue
        }
        do {
          try await framework.accept(
            [offer],
            batch.map { FrameworkTask(id: $0.id, command: $0.work.command, resources: shape) }
          )
        } catch let error as FrameworkError where error.code == "conflict" {
          // The offer was void by then.
          giveBack(batch.map(\.id))
        }
      }
    }
  }

  /// They are written down before they are started.
  private func takeWaiting(_ most: Int) throws -> [(id: String, work: Work)] {
    let batch = waiting.prefix(most)
    waiting.removeFirst(batch.count)
    started += batch.count
    return try batch.map { work in
      tries[work.id, default: 0] += 1
      let id = try log.newTask(of: work.id)
      running[id] = work
      mostRunning = max(mostRunning, running.count)
      return (id, work)
    }
  }

  private func giveBack(_ ids: [String]) {
    for id in ids { if let work = running.removeValue(forKey: id) { waiting.append(work) } }
  }

  private func hearUpdates() async throws {
    for await updates in framework.updates {
      for update in updates where update.state.isTerminal || update.state == .unknown {
        try await ended(update)
      }
    }
  }

  private func ended(_ update: TaskUpdate) async throws {
    guard let work = running.removeValue(forKey: update.task), !work.isDone else { return }
    if tries[work.id] ?? 0 >= 3 {
      failure = WorkFailed(description: "\(work.id) failed three times: \(update.reason) \(update.status)")
    }
    waiting.append(work)
    try await demand()
  }
}
