import Foundation
import ReeveClient
import ReeveModel
import ReeveReplication
import ReeveWire
import Synchronization

/// One run: a cluster, a workload, and faults, from a seed.
final class ChaosRun: Sendable {
  let seed: UInt64
  let plan: FaultPlan
  private let cluster: ChaosCluster
  private let client: Client
  private let workload: Workload
  private let watcher: Watcher
  private let log = Mutex(FaultLog())
  private let active = Mutex(0)

  /// So many faults may last at one time.
  private static let activeMax = 3
  /// More than so many unfinished tasks, and no job is added: at the end they must be done in reasonable time.
  private static let unfinishedMax = 150
  /// When all is healed, what was accepted must end within so long.
  static let restMax = Duration.seconds(60)

  init(seed: UInt64, faults: Int, on cluster: ChaosCluster) throws {
    self.seed = seed
    self.cluster = cluster
    plan = FaultPlan(seed: seed, count: faults)
    let history = "\(cluster.directory)/history"
    let script = "\(cluster.directory)/task.sh"
    try Workload.scriptText(history: history).write(toFile: script, atomically: true, encoding: .utf8)
    workload = Workload(script: script, seed: seed)
    watcher = Watcher(history)
    client = Client(cluster.address)
  }

  /// Everything, from the first start to the record of it all.
  @concurrent func run() async throws -> (record: Record, report: Report) {
    defer { client.close() }
    return try await withThrowingTaskGroup(of: Void.self) { group in
      cluster.keep(in: &group)
      group.addTask { await self.watcher.watch() }
      let began = ContinuousClock.now
      var record = try await live()
      let lasted = ContinuousClock.now - began
      cluster.end()
      let deadline = ContinuousClock.now + .seconds(20)
      while cluster.roles.values.contains(where: { $0.pid > 0 }) {
        guard ContinuousClock.now < deadline else { throw ChaosError("roles do not end within 20 s of TERM") }
        try await Task.sleep(for: .milliseconds(20))
      }
      group.cancelAll()
      record.facts = try facts()
      let text = String(
        decoding: FileManager.default.contents(atPath: "\(cluster.directory)/history") ?? Data(),
        as: UTF8.self
      )
      record.history = History(text: text)
      return (record, Report(record, starts: watcher.starts, lasted: lasted))
    }
  }

  private func live() async throws -> Record {
    try await waitForNodes()
    let isOver = Shared(false)
    let jobs = try await withThrowingTaskGroup(of: Int.self) { group in
      group.addTask { try await self.submit { isOver.withLock { $0 } } }
      try await strike()
      isOver.withLock { $0 = true }
      cluster.healAll()
      group.addTask {
        try await Task.sleep(for: Self.restMax)
        throw ChaosError("\(Self.restMax) after the last fault clients still wait for answers")
      }
      let jobs = try await group.next() ?? 0
      group.cancelAll()
      return jobs
    }
    let healed = WallClock.now
    let (shown, isAtRest) = try await client.rest(within: Self.restMax)
    var record = client.told
    record.shown = shown
    record.faults = log.withLock { $0 }
    for (role, process) in cluster.roles {
      record.faults.absences[role] = process.absences.map { ($0.from, $0.to ?? healed) }
    }
    if !isAtRest {
      for job in shown where job.counts.unfinished > 0 {
        record.wrongAnswers.append("\(Self.restMax) after the last fault job \(job.id) has \(job.counts)")
      }
    }
    if record.acknowledged.count != jobs {
      record.wrongAnswers.append("of \(jobs) jobs \(record.acknowledged.count) were accepted")
    }
    return record
  }

  private func waitForNodes() async throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while await client.nodesUp() < Layout.nodes {
      guard ContinuousClock.now < deadline else { throw ChaosError("the cluster does not come up") }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  // MARK: The workload

  /// - Returns: how many jobs there were; all have been accepted, and what was to be done about them is done.
  @concurrent private func submit(until isOver: @escaping @Sendable () -> Bool) async throws -> Int {
    try await withThrowingDiscardingTaskGroup { group in
      var number = 0
      while !isOver() {
        if let unfinished = await client.unfinished(), unfinished < Self.unfinishedMax {
          let job = workload.job(number)
          number += 1
          group.addTask { try await self.client.carry(job) }
        }
        try await Task.sleep(for: .milliseconds(250))
      }
      return number
    }
  }

  // MARK: Faults

  private func strike() async throws {
    try await withThrowingDiscardingTaskGroup { group in
      for step in plan.steps {
        try await Task.sleep(for: .milliseconds(step.wait))
        if step.fault.isAlone {
          try await wait { $0 == 0 }
          // What came before must not be blamed on it, nor the other way round.
          try await Task.sleep(for: .seconds(4))
          try await apply(step.fault)
          try await Task.sleep(for: .seconds(3))
        } else {
          try await wait { $0 < Self.activeMax }
          active.withLock { $0 += 1 }
          group.addTask {
            try await self.apply(step.fault)
            self.active.withLock { $0 -= 1 }
          }
        }
      }
    }
  }

  private func wait(_ condition: (Int) -> Bool) async throws {
    while !condition(active.withLock { $0 }) { try await Task.sleep(for: .milliseconds(20)) }
  }

  @concurrent private func apply(_ fault: Fault) async throws {
    let from = WallClock.now
    cluster.begin(fault)
    // What the dead have written is all there is.
    let lines = fault == .killMachine ? watcher.lines : 0
    try await Task.sleep(for: .milliseconds(fault.length))
    cluster.heal(fault)
    let to = WallClock.now
    log.withLock { $0.entries.append(FaultLog.Entry(fault: fault, from: from, to: to, lines: lines)) }
  }

  // MARK: What is left

  private func facts() throws -> [(fact: Fact, at: Int64)] {
    let directory = "\(cluster.directory)/data/master"
    let text = try String(contentsOfFile: "\(directory)/cluster", encoding: .utf8)
    guard let id = UInt128(text.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16) else {
      throw ChaosError("the cluster's id is \(text)")
    }
    let journal = try FileJournal(
      directory: directory,
      warn: { _ in },
      expecting: { JournalExpectation(cluster: id) }
    )
    var facts: [(fact: Fact, at: Int64)] = []
    try journal.replay { _, payload in
      let (group, at) = try decodeGroup(payload)
      facts += group.map { ($0, at.microseconds) }
    }
    return facts
  }
}
