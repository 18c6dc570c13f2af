import ReeveCore
import ReeveModel

/// What users do around a job that they have submitted.
///
/// What a feature lets users order is a case here with its chance, and a line in `add`; where it is asked of the master in a
/// new way, also a case of `Request` with its event in `masterEvent` and its answer in `Client`. What tasks can be told to do
/// stands in `Workload.template` and `Behaviour`, what can go wrong in `Fault`; and what shows that it happened is a case of
/// `Occurrence`, which the tests then ask for.
enum Habit: CaseIterable {
  case cancelsTask
  case cancelsJob
  case cancelsTwice
  /// Before anybody can know that the job is there.
  case cancelsBefore
  /// As the task ends by itself.
  case cancelsAtTheEnd
  case follows
  /// And lets go of it again, sooner or later.
  case holdsTask
  case holdsJob
  case prioritises
  /// A new round of what failed, and perhaps of what was cancelled.
  case retries
  case setsPolicy
  /// A weight and a guarantee, more of which may be asked for than there is.
  case setsRole
  case asksWhy
  case asksTasks
  case asksCluster
  /// Another job under the same id, later or at once, by the same client or another.
  case submitsOther
  case submitsOtherAtOnce
  /// The same submission again; at once only where no other comes at once too.
  case submitsAgain
  case submitsAgainAtOnce

  var chance: Double {
    switch self {
    case .cancelsTask, .submitsAgain, .submitsAgainAtOnce: 0.15
    case .cancelsJob, .submitsOther, .cancelsTwice, .asksCluster: 0.1
    case .cancelsBefore, .submitsOtherAtOnce: 0.05
    case .cancelsAtTheEnd, .follows, .prioritises, .retries: 0.2
    case .holdsTask, .holdsJob: 0.1
    case .setsPolicy, .setsRole: 0.05
    case .asksTasks, .asksWhy: 0.3
    }
  }
}

extension Workload {
  /// A job's first submission, around which its other errands are.
  struct Submission {
    var spec: JobSpec
    var time: Instant
    var client: Int
    var errand: Int
  }

  /// A job that must be ended never ends by itself, so that its submission must not be lost to another.
  mutating func add(_ habit: Habit, to job: Submission, mustEnd: Bool) {
    let task = chance.below(job.spec.count)
    let entry = TaskLayout(of: job.spec).entry(at: task)
    let one = TaskSelector(job: job.spec.id, task: job.spec.taskName(at: task, TaskLayout(of: job.spec)))
    let all = TaskSelector(job: job.spec.id)
    switch habit {
    case .cancelsTask: add(.order(.cancel, [one]), to: job, within: .seconds(6))
    case .cancelsJob: add(.order(.cancel, [all]), to: job, within: .seconds(20))
    case .cancelsTwice:
      add(.order(.cancel, [one, all]), to: job, within: .seconds(6))
      add(.order(.cancel, [all]), to: job, within: .seconds(6))
    case .cancelsBefore:
      var errand = Client.Errand(request: .order(.cancel, [one]), time: job.time)
      errand.mayBeUnknown = true
      clients[job.client].append(errand)
    case .cancelsAtTheEnd:
      let length = Behaviour(arguments: job.spec.arguments[entry]).milliseconds
      guard length < Behaviour.endless.milliseconds else { return }
      let end = job.time + .milliseconds(length)
      add(.order(.cancel, [one]), to: job, at: end + chance.span(.zero, .milliseconds(60)))
    case .follows: add(.follow(one), to: job, within: .seconds(6))
    case .holdsTask: holdForAWhile(one, of: job)
    case .holdsJob: holdForAWhile(all, of: job)
    case .prioritises:
      let priority = Int32(chance.within(-3...3))
      add(.order(.priority(priority), [chance.pick([one, all])]), to: job, within: .seconds(6))
    case .retries:
      // What must be ended never ends by itself: a new round of it would go on for ever.
      guard !mustEnd else { return }
      let alsoCancelled = chance.chance(0.3) && !isEndless(job.spec)
      add(.order(.retry(alsoCancelled: alsoCancelled), [all]), to: job, within: .seconds(30))
    case .setsPolicy:
      let criteria = chance.pick([PriorityCriteria.plain, Self.criteria])
      let policy = PolicySetting(
        chance.pick(QueueOrder.allCases),
        backfills: chance.chance(0.5),
        criteria: criteria
      )
      add(.order(.policy(policy), []), to: job, within: .seconds(20))
    case .setsRole:
      add(.order(.role(roleChange()), []), to: job, within: .seconds(10))
      clients[job.client][clients[job.client].count - 1].mayBeUnknown = true
    case .asksWhy: add(.ask(.explain(one)), to: job, within: .seconds(6))
    case .asksTasks:
      let what = TaskSelector(job: job.spec.id)
      add(.ask(.tasks(Query.TaskFilter(what: what, details: true))), to: job, within: .seconds(20))
    case .asksCluster:
      let query = chance.pick([
        Query.jobs(Query.JobFilter(all: true)), .nodes, .racks, .queue(limit: 50), .policy,
      ])
      add(.ask(query), to: job, within: .seconds(20))
    case .submitsAgain: add(.submit(job.spec), to: job, within: .seconds(20))
    case .submitsAgainAtOnce, .submitsOtherAtOnce:
      // Where the first may be refused and the second not, nobody would be left to end it, or to close it.
      if !mustEnd, !job.spec.isOpen, !clients[job.client][job.errand].mayBeRefused {
        submitAtOnce(job, isOther: habit == .submitsOtherAtOnce)
      }
    case .submitsOther:
      add(.submit(other(job.spec)), to: job, within: .seconds(20))
      clients[job.client][clients[job.client].count - 1].mustBeRefused = true
    }
  }

  private mutating func roleChange() -> RoleChange {
    let total = nodes.reduce(Resources.zero) { $0 + $1.total }
    let guarantee = Resources(
      cpuMillis: total.cpuMillis / Int64(chance.within(2...8)),
      memory: chance.chance(0.5) ? .max : total.memory / 4,
      disk: .max
    )
    return RoleChange(
      name: chance.pick(["default", "other", Role.batchName]),
      weight: Double(chance.within(1...4)),
      guarantee: chance.chance(0.8) ? .amounts(guarantee) : RoleChange.Quota.none
    )
  }

  /// More of the same kind, which may come too late, and the closing.
  mutating func addMore(to job: Submission) {
    for k in 0..<chance.within(1...4) {
      var more = JobSpec(id: job.spec.id, user: job.spec.user)
      more.addition = "more\(k)"
      more.templates = [template(isTooLarge: false, isEndless: false)]
      fill(&more, isEndless: false)
      more.taskNames = PackedStrings((0..<more.entryCount).map { "more\(k)-\($0)" })
      if chance.chance(0.5) {
        let kind = DependencyKind(chance.pick(DependencyKind.Condition.allCases))
        more.outerDependencies = [
          OuterDependency(entry: 0, job: JobID(""), task: job.spec.taskNames[0], kind)
        ]
      }
      add(.submit(more), to: job, within: .seconds(20))
      clients[job.client][clients[job.client].count - 1].mayBeRefused = true
    }
    add(.order(.close, [TaskSelector(job: job.spec.id)]), to: job, within: .seconds(25))
    // A cancel of all of it closes it too.
    clients[job.client][clients[job.client].count - 1].mayBeUnknown = true
  }

  /// In which the given priority decides within a job.
  private static let criteria = PriorityCriteria(
    terms: [
      PriorityCriteria.Term(.priority, weight: 2), PriorityCriteria.Term(.age),
      PriorityCriteria.Term(.deadline),
      PriorityCriteria.Term(.size, weight: -1), PriorityCriteria.Term(.fairShare, weight: 5),
    ],
    shares: [PriorityCriteria.UserShare(user: "u1", share: 2)]
  )

  private func isEndless(_ spec: JobSpec) -> Bool {
    (0..<spec.entryCount).contains {
      Behaviour(arguments: spec.arguments[$0]).milliseconds >= Behaviour.endless.milliseconds
    }
  }

  private mutating func holdForAWhile(_ what: TaskSelector, of job: Submission) {
    add(.order(.hold, [what]), to: job, within: .seconds(6))
    let held = clients[job.client].count - 1
    let time = clients[job.client][held].time + chance.skewedSpan(.milliseconds(1), .seconds(20))
    clients[job.client].append(Client.Errand(request: .order(.release, [what]), time: time, after: held))
  }

  private mutating func add(_ request: Request, to job: Submission, within most: TimeSpan) {
    add(request, to: job, at: job.time + chance.skewedSpan(.zero, most))
  }

  private mutating func add(_ request: Request, to job: Submission, at time: Instant) {
    clients[job.client].append(Client.Errand(request: request, time: time, after: job.errand))
  }

  /// By whatever client, not waiting for the first answer. Which of two different jobs comes first, nobody can tell.
  private mutating func submitAtOnce(_ job: Submission, isOther: Bool) {
    let spec = isOther ? other(job.spec) : job.spec
    let time = job.time + chance.skewedSpan(.zero, .milliseconds(50))
    var errand = Client.Errand(request: .submit(spec), time: time)
    errand.mayBeRefused = isOther
    if isOther { clients[job.client][job.errand].mayBeRefused = true }
    clients[chance.below(clients.count)].append(errand)
  }

  private func other(_ spec: JobSpec) -> JobSpec {
    var other = spec
    other.name += ", but another"
    return other
  }
}
