import GRPCCore
package import ReeveModel
import ReeveShell
import ReeveWire
import Synchronization

/// How a long call bears a master that goes away: it tries again with back-off.
package struct Patience: Sendable {
  /// How long without an answer; `nil` is for ever.
  package var limit: Duration?
  /// Told once an outage, with what failed.
  package var onOutage: @Sendable (Refusal) -> Void

  package init(limit: Duration? = nil, onOutage: @escaping @Sendable (Refusal) -> Void = { _ in }) {
    self.limit = limit
    self.onOutage = onOutage
  }
}

/// One long call's outages.
struct Outage {
  private let patience: Patience
  private var backoff = Backoff()
  private var began: ContinuousClock.Instant?

  init(_ patience: Patience) { self.patience = patience }

  /// After something was heard.
  mutating func end() {
    began = nil
    backoff.reset()
  }

  /// Waits before the next try.
  /// - Throws: what failed, where that is nothing to wait for, or has lasted too long.
  mutating func wait(after error: any Error) async throws {
    guard let refusal = Refusal(error), refusal.code == .unavailable else { throw error }
    if began == nil { patience.onOutage(refusal) }
    let start = began ?? .now
    began = start
    if let limit = patience.limit, .now - start >= limit { throw refusal }
    try await Task.sleep(for: backoff.delay())
  }
}

extension ReeveClient {
  /// Hears of jobs until all have ended, across restarts of the master.
  ///
  /// - Returns: how each stands at the end, in the order of `jobs`.
  @concurrent package func watch(
    _ jobs: [JobID],
    patience: Patience = Patience(),
    onProgress: @escaping @Sendable (JobProgress) -> Void = { _ in }
  ) async throws -> [JobProgress] {
    let latest = Latest()
    var outage = Outage(patience)
    while true {
      let open = latest.open(of: jobs)
      if open.isEmpty { return latest.jobs(jobs) }
      let heardBefore = latest.heard
      do {
        try await watchOnce(open) { job in
          latest.note(job)
          onProgress(job)
        }
        if latest.open(of: jobs).isEmpty { continue }
        throw Refusal(.unavailable, "The master ended the stream.")
      } catch {
        if latest.heard != heardBefore { outage.end() }
        try await outage.wait(after: error)
      }
    }
  }

  private func watchOnce(
    _ jobs: [JobID],
    onProgress: @escaping @Sendable (JobProgress) -> Void
  ) async throws {
    var request = Reeve_V1_WatchRequest()
    request.jobs = jobs.map(\.text)
    try await call { [request] stub in
      try await stub.watch(request, options: callOptions) { response in
        for try await message in response.messages { onProgress(try JobProgress(wire: message)) }
      }
    }
  }
}

/// What was last heard of each job.
private final class Latest: Sendable {
  private let state = Mutex<(jobs: [JobID: JobProgress], heard: Int)>(([:], 0))

  func note(_ job: JobProgress) {
    state.withLock {
      $0.jobs[job.id] = job
      $0.heard += 1
    }
  }

  var heard: Int { state.withLock { $0.heard } }

  func open(of ids: [JobID]) -> [JobID] {
    state.withLock { state in ids.filter { state.jobs[$0]?.hasEnded != true } }
  }

  func jobs(_ ids: [JobID]) -> [JobProgress] { state.withLock { state in ids.compactMap { state.jobs[$0] } } }
}

extension JobProgress {
  fileprivate var hasEnded: Bool { ended != .none }
}
