import ReeveCore
import ReeveModel
import ReeveSimulation

/// What is checked when all has ended. Each can fail: a test plants what it finds.
enum Check: String, CaseIterable {
  case journal = "the simulator's checkers find nothing in the journal"
  case books = "the journal's replay balances"
  case acknowledged = "what was acknowledged is on record"
  case ended = "every task has ended, once"
  case shown = "what is shown at the end is what is on record"
  case answers = "answers are right, and scripts write whole lines"
  case once = "an attempt runs once"
  case recorded = "what runs is on record"
  case order = "a task starts after what it waits for has ended well"
  case truth = "an end on record is what became of the script"
  case restarts = "a task is started again only if its node was really lost"
  case terminated = "who is told to end does so"
  case cancels = "who is cancelled was to be, and the other way round"
}

struct Finding: CustomStringConvertible {
  var check: Check
  var what: String
  var description: String { "against \"\(check.rawValue)\": \(what)" }
}

/// Goes through a run's record.
struct Review {
  private let record: Record
  private let accounts: Accounts
  private let losses: Losses
  private(set) var findings: [Finding] = []
  /// Starts again of tasks that had begun to run, by cause.
  private(set) var restarts: [LossCause: Int] = [:]
  private var starts: [AttemptID: Int] = [:]
  private var ends: [AttemptID: Int] = [:]
  private var politeEnds: Set<AttemptID> = []

  init(_ record: Record) {
    self.record = record
    accounts = Accounts(record.facts)
    losses = Losses(record.faults)
    checkJournal()
    checkPromises()
    checkHistory()
    checkTerminations()
    for task in accounts.tasks {
      checkOrder(task)
      checkTruth(task)
      checkRestarts(task)
      checkCancel(task)
    }
  }

  var tasks: Int { accounts.tasks.count }
  var terms: Int { accounts.terms }
  var started: Int { record.history.lines.count { $0.word == .start } }

  func ended(_ reason: FailureReason) -> Int {
    accounts.tasks.count { $0.ends.last?.reason == reason }
  }

  private mutating func find(_ check: Check, _ what: String) {
    // A thousand of one kind say no more than ten.
    guard findings.count(where: { $0.check == check }) < 10 else { return }
    findings.append(Finding(check: check, what: what))
  }

  // MARK: The journal, and what users were told

  private mutating func checkJournal() {
    for what in reviewJournal(record.facts.map(\.fact)) { find(.journal, what) }
    guard findings.isEmpty else { return }
    var core = MasterCore()
    for (fact, _) in record.facts { core.replay(fact) }
    for what in core.violations() { find(.books, what) }
    for job in core.durable.jobs.jobs where job.counts.unfinished > 0 {
      find(.books, "job \(job.spec.id) rests with \(job.counts)")
    }
  }

  private mutating func checkPromises() {
    for what in record.wrongAnswers { find(.answers, what) }
    for line in record.history.torn { find(.answers, "no script writes \"\(line)\"") }
    for (id, spec) in record.acknowledged {
      guard let known = accounts.specs[id] else {
        find(.acknowledged, "job \(id) was acknowledged, and is not on record")
        continue
      }
      let isSame =
        known.taskNames == spec.taskNames && known.dependencies == spec.dependencies
        && known.dependencyEnds == spec.dependencyEnds && known.arguments == spec.arguments
      if !isSame { find(.acknowledged, "job \(id) is on record as another") }
    }
    for task in accounts.tasks where task.ends.count != 1 {
      find(.ended, "task \(task.label) has \(task.ends.count) ends")
    }
    for (id, tasks) in Dictionary(grouping: accounts.tasks, by: \.job) {
      guard let shown = record.shown.first(where: { $0.id == id }) else {
        find(.shown, "job \(id) is not shown")
        continue
      }
      let succeeded = tasks.count { $0.ends.first?.reason == FailureReason.none }
      let cancelled = tasks.count { $0.ends.first?.reason == .cancelled }
      let failed = tasks.count - succeeded - cancelled
      let counts = shown.counts
      if counts[.succeeded] != succeeded || counts[.cancelled] != cancelled || counts[.failed] != failed {
        find(.shown, "job \(id) is shown with \(counts); on record \(succeeded), \(failed), \(cancelled)")
      }
    }
    for (job, ordered) in record.cancelsAnswered {
      let marked = accounts.tasks.count { $0.job == job && $0.isCancelOrdered }
      if marked < ordered {
        find(.cancels, "of job \(job) \(ordered) tasks were said to be ordered to end, \(marked) are")
      }
    }
  }

  /// In good time, though it be stopped in between: soon there is none, for a while at least.
  private mutating func checkTerminations() {
    for entry in record.faults.entries {
      guard case .terminate(let role) = entry.fault else { continue }
      let isGone = (record.faults.absences[role] ?? []).contains {
        $0.to >= entry.from && $0.from <= entry.from + 10_000_000
      }
      if !isGone { find(.terminated, "\(role) is still there 10 s after TERM at \(entry.from)") }
    }
  }

  // MARK: The scripts' history

  private mutating func checkHistory() {
    for (place, line) in record.history.lines.enumerated() {
      switch line.word {
      case .polite: politeEnds.insert(line.attempt)
      case .start:
        if starts.updateValue(place, forKey: line.attempt) != nil {
          find(.once, "attempt \(line.attempt) of \(line.name) starts twice")
        }
        let known = accounts.taskOf[line.attempt].map { accounts.tasks[$0].label }
        if known != line.name {
          find(.recorded, "attempt \(line.attempt) of \(line.name) runs; on record for \(known ?? "nobody")")
        }
      case .end:
        if ends.updateValue(place, forKey: line.attempt) != nil {
          find(.once, "attempt \(line.attempt) of \(line.name) ends twice")
        }
      }
    }
  }

  private func line(_ place: Int?) -> History.Line? { place.map { record.history.lines[$0] } }

  private mutating func checkOrder(_ task: TaskAccount) {
    for attempt in task.attempts {
      guard let start = starts[attempt] else { continue }
      for dependency in task.dependencies.map({ accounts.tasks[$0] }) {
        let ended = dependency.attempts.contains { ends[$0].map { $0 < start } ?? false }
        if !ended { find(.order, "\(task.label) starts before \(dependency.label) has ended") }
      }
    }
  }

  /// Nobody makes ends up, and none is turned into another.
  private mutating func checkTruth(_ task: TaskAccount) {
    guard let end = task.ends.first else { return }
    let said = line(ends[end.attempt])?.code
    let isTrue =
      switch end.reason {
      case .none: said == 0
      case .exitCode: said == Workload.failingCode && said == end.status
      case .timedOut: task.kind == .overlong && said == nil && starts[end.attempt] != nil
      case .cancelled: true
      case .dependencyFailed: starts[end.attempt] == nil
      case .nodeLost: task.losses >= 2
      default: false
      }
    if !isTrue {
      find(
        .truth,
        "\(task.label) is on record with \(end.reason), \(end.status) of \(end.attempt); its script says "
          + (said.map { "exit \($0)" } ?? "nothing of an end") + " \(end.detail?.message ?? "")"
      )
    }
    // Whoever answers TERM with exit 0 has not succeeded.
    if politeEnds.contains(end.attempt), end.reason == .none {
      find(.truth, "\(task.label) was ended by order, and counts as done")
    }
  }

  private mutating func checkRestarts(_ task: TaskAccount) {
    for attempt in task.attempts.dropLast() {
      guard let start = starts[attempt], let line = line(start) else { continue }
      guard let at = task.givenUp[attempt] else {
        find(
          .restarts,
          "\(task.label): attempt \(attempt) ran, was not given up, and \(task.attempts) followed"
        )
        continue
      }
      let node = Int(line.node.drop { !$0.isNumber }) ?? -1
      guard let cause = losses.cause(node: node, at: at, start: start, end: ends[attempt]) else {
        find(
          .restarts,
          "\(task.label): attempt \(attempt) ran on \(line.node), which was given up at \(at) without need"
        )
        continue
      }
      restarts[cause, default: 0] += 1
    }
  }

  private mutating func checkCancel(_ task: TaskAccount) {
    guard let end = task.ends.first else { return }
    if end.reason == .cancelled, !task.isCancelOrdered || !record.cancelsSent.contains(task.job) {
      find(.cancels, "\(task.label) is cancelled, and nobody wanted that")
    }
    if task.isCancelOrdered, end.reason != .cancelled {
      find(.cancels, "\(task.label) was to be cancelled, and ends with \(end.reason)")
    }
  }
}
