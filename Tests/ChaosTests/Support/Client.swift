import Foundation
import ReeveClient
import ReeveModel
import ReeveShell
import Synchronization

/// Submits the workload over the real API, and tries again whatever is not answered, for as long as it takes.
final class Client: Sendable {
  private let address: ClusterAddress
  private let connection: Mutex<ReeveClient>
  private let record = Mutex(Record())

  /// A call without an answer after so long is made anew, on another connection.
  private static let patience = Duration.seconds(3)

  init(_ address: ClusterAddress) {
    self.address = address
    connection = Mutex(ReeveClient(address))
  }

  /// What it was told, and what it has asked for.
  var told: Record { record.withLock { $0 } }

  /// One job from its submission to the last that is done about it.
  @concurrent func carry(_ job: Workload.Job) async throws {
    let answer = try await insist { try await $0.submit(job.spec) }
    record.withLock { record in
      record.acknowledged[job.spec.id] = job.spec
      if answer.tasks != job.spec.count { record.wrongAnswers.append("\(job.spec.id) is answered \(answer)") }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.cancel(job) }
      group.addTask { try await self.repeatSubmission(of: job) }
      group.addTask { try await self.readOutput(of: job) }
      try await group.waitForAll()
    }
  }

  private func cancel(_ job: Workload.Job) async throws {
    guard let (after, task) = job.cancel else { return }
    try await Task.sleep(for: .milliseconds(after))
    let id = job.spec.id
    record.withLock { _ = $0.cancelsSent.insert(id) }
    let ordered = try await insist { try await $0.order(.cancel, [TaskSelector(job: id, task: task)]) }
    record.withLock { $0.cancelsAnswered.append((id, ordered)) }
  }

  private func readOutput(of job: Workload.Job) async throws {
    guard let read = job.read else { return }
    try await Task.sleep(for: .milliseconds(read))
    let name = job.spec.taskNames[0]
    let wanted = LogsWanted(job: job.spec.id, task: name, stdout: true, stderr: true, follow: false)
    let (text, end) = try await insist { client in
      let output = Shared<[UInt8]>([])
      let end = try await client.logs(wanted) { _, bytes in output.withLock { $0 += bytes } }
      return (String(decoding: output.withLock { $0 }, as: UTF8.self), end)
    }
    // What its node keeps out of reach is said to be missing.
    guard end.task?.state == .succeeded, end.missing == nil, text != "out \(name)\n" else { return }
    record.withLock {
      $0.wrongAnswers.append("\(job.spec.id)/\(name) is done, and its output is \"\(text)\"")
    }
  }

  private func repeatSubmission(of job: Workload.Job) async throws {
    guard let again = job.again else { return }
    try await Task.sleep(for: .milliseconds(again))
    let answer = try await insist { try await $0.submit(job.spec) }
    if !answer.known || answer.tasks != job.spec.count {
      record.withLock { $0.wrongAnswers.append("\(job.spec.id), submitted again, is answered \(answer)") }
    }
    guard job.isImpersonated else { return }
    var other = job.spec
    other.append(name: "other", template: 0, arguments: ["0"], after: [])
    do {
      let answer = try await insist { [other] in try await $0.submit(other) }
      record.withLock { $0.wrongAnswers.append("another job as \(other.id) is answered \(answer)") }
    } catch let refusal as Refusal where refusal.code == .conflict {}
  }

  /// Waits until all that was acknowledged has ended.
  ///
  /// - Returns: the jobs as shown then, or in the end.
  @concurrent func rest(within limit: Duration) async throws -> (jobs: [JobProgress], isOver: Bool) {
    let deadline = ContinuousClock.now + limit
    while true {
      let jobs = try await insist { try await $0.jobs(Query.JobFilter(all: true, limit: 1_000_000)) }
      let isOver = jobs.allSatisfy { $0.counts.unfinished == 0 }
      if isOver || ContinuousClock.now > deadline { return (jobs, isOver) }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// How many tasks have not ended; `nil` where nobody says.
  @concurrent func unfinished() async -> Int? {
    let jobs = try? await attempt { try await $0.jobs(Query.JobFilter(all: false, limit: 100_000)) }
    return jobs.map { $0.reduce(0) { $0 + $1.counts.unfinished } }
  }

  /// Whether each node is there.
  @concurrent func nodesUp() async -> Int {
    let nodes = try? await attempt { try await $0.nodes() }
    return nodes?.count { $0.status.state == .up } ?? 0
  }

  /// Calls until there is an answer, whatever it is.
  private func insist<R: Sendable>(
    _ body: @escaping @concurrent @Sendable (ReeveClient) async throws -> R
  ) async throws -> R {
    while true {
      do {
        return try await attempt(body)
      } catch let refusal as Refusal where refusal.code == .unavailable {
        try await Task.sleep(for: .milliseconds(50))
      }
    }
  }

  private func attempt<R: Sendable>(
    _ body: @escaping @concurrent @Sendable (ReeveClient) async throws -> R
  ) async throws -> R {
    let client = connection.withLock { $0 }
    do {
      return try await withThrowingTaskGroup(of: R.self) { group in
        group.addTask { try await body(client) }
        group.addTask {
          try await Task.sleep(for: Self.patience)
          throw Refusal(.unavailable, "No answer.")
        }
        defer { group.cancelAll() }
        guard let answer = try await group.next() else { throw Refusal(.unavailable, "No answer.") }
        return answer
      }
    } catch let refusal as Refusal where refusal.code == .unavailable {
      replace(client)
      throw refusal
    }
  }

  private func replace(_ client: ReeveClient) {
    let isOurs = connection.withLock { current in
      guard current === client else { return false }
      current = ReeveClient(address)
      return true
    }
    if isOurs { client.close() }
  }

  func close() { connection.withLock { $0 }.close() }
}
