import ReeveModel
import ReeveTestSupport
import Testing

/// Checks that cannot fail are worth nothing: each finds what is planted in a record that was right.
@Suite("What chaos is checked by") struct ReviewTests {
  @Test func `nothing is found where nothing is wrong`() {
    let review = Review(.right())
    #expect(review.findings.isEmpty, "\(review.findings)")
    #expect(review.restarts == [.cutOff: 1])
  }

  @Test(arguments: Check.allCases) func `each check finds what it is there for`(check: Check) throws {
    let plants = Plant.all.filter { $0.check == check }
    try #require(!plants.isEmpty)
    for plant in plants {
      var record = Record.right()
      plant.corrupt(&record)
      let found = Review(record).findings
      #expect(found.contains { $0.check == check }, "\(plant.what): \(found)")
    }
  }

  /// Which faults excuse a loss at 60 s, of an attempt on node 0.
  @Test(
    arguments: [
      // Alone, a short fault never does, nor what follows from it.
      ([Fault.pause(.node(0), 3_000)], 49.0, nil),
      ([.cut(.nodeToRack(0), .stall, 3_000)], 49, nil),
      // A master and a rack that were stopped themselves accuse nobody.
      ([.pause(.master, 15_000)], 46, nil),
      ([.pause(.rack(0), 15_000)], 46, nil),
      // Somebody else's.
      ([.cut(.nodeToRack(1), .stall, 13_000)], 48, nil),
      ([.pause(.node(0), 13_000)], 49, .cutOff),
      ([.cut(.nodeToRack(0), .refuse, 13_000)], 49, .cutOff),
      // It was over long before.
      ([.pause(.node(0), 13_000)], 20, nil),
      ([.pause(.node(0), 3_000), .cut(.nodeToMaster(0), .mute, 3_000)], 49, .chain),
      ([.killMachine], 59, .machine),
      ([.killMachine], 61, nil),
    ] as [([Fault], Double, LossCause?)]
  )
  func `a loss needs a cause`(faults: [Fault], at: Double, cause: LossCause?) {
    var log = FaultLog()
    var from = Int64(at * 1e6)
    for fault in faults {
      let to = from + Int64(fault.length) * 1_000
      log.entries.append(FaultLog.Entry(fault: fault, from: from, to: to, lines: 10))
      from += 5_000_000
    }
    #expect(Losses(log).cause(node: 0, at: 60_000_000, start: 3, end: nil) == cause)
  }

  @Test func `a list of faults is the same under the same seed, and holds every kind`() {
    let plan = FaultPlan(seed: 7, count: 2_000)
    #expect(plan.steps == FaultPlan(seed: 7, count: 2_000).steps)
    #expect(plan.steps != FaultPlan(seed: 8, count: 2_000).steps)
    // Deaths of each level two ways, and of all in two; pauses short and long; five lines cut in seven ways, and one at length.
    let kinds = 6 + 2 + 6 + 35 + 1
    #expect(Set(plan.steps.map(\.fault.kind)).count >= kinds)
    #expect(plan.steps.prefix(100).count { $0.fault.length >= Fault.long } == 4)
  }
}

/// One corruption of a record.
private struct Plant: Sendable {
  var check: Check
  var what: String
  var corrupt: @Sendable (inout Record) -> Void

  static let all: [Plant] = [
    Plant(check: .journal, what: "an end is recorded twice") {
      $0.facts.append($0.facts[$0.facts.count - 1])
    },
    Plant(check: .journal, what: "a term is used again") { $0.facts.append((.termBegan(Term(1)), 0)) },
    Plant(check: .journal, what: "a task is assigned before its dependency has ended") { record in
      record.replace { fact in
        if case .assigned(let rack, let first, tasks: [TaskNumber(2)]) = fact {
          .assigned(rack, first: first, tasks: [TaskNumber(2), TaskNumber(5)])
        } else {
          fact
        }
      }
    },
    Plant(check: .books, what: "a job ends at no time") { record in
      record.replaceEnds { $0.ended = .none }
    },
    Plant(check: .acknowledged, what: "a job is gone") { $0.acknowledged["gone"] = $0.acknowledged["a"] },
    Plant(check: .acknowledged, what: "a job is another") { record in
      record.acknowledged["a"]?.append(name: "more", template: 0, arguments: ["1"], after: [])
    },
    Plant(check: .ended, what: "the last end is missing") { $0.facts.removeLast() },
    Plant(check: .shown, what: "a job is not shown") { $0.shown = [] },
    Plant(check: .shown, what: "a success is shown as a failure") { record in
      record.shown[0].counts[.succeeded] -= 1
      record.shown[0].counts[.failed] += 1
    },
    Plant(check: .answers, what: "a wrong answer") { $0.wrongAnswers = ["no"] },
    Plant(check: .answers, what: "a torn line") { $0.history.torn = ["sta"] },
    Plant(check: .once, what: "an attempt starts twice") { $0.history.lines.append($0.history.lines[0]) },
    Plant(check: .once, what: "an attempt ends twice") { $0.history.lines.append($0.history.lines[1]) },
    Plant(check: .recorded, what: "what runs was never assigned") { record in
      record.history.lines[0].attempt = AttemptID(term: Term(9), number: 9)
    },
    Plant(check: .recorded, what: "what runs is another task's") { $0.history.lines[0].task = "t1" },
    Plant(check: .order, what: "a task starts too early") { $0.history.lines.swapAt(1, 2) },
    Plant(check: .truth, what: "a success is made up") { $0.history.lines[1].code = 3 },
    Plant(check: .truth, what: "an end is made up") { $0.history.lines.remove(at: 1) },
    Plant(check: .truth, what: "an exit code is another") { record in
      record.replaceEnds { if $0.reason == .exitCode { $0.status = 4 } }
    },
    Plant(check: .truth, what: "a failure that nobody has seen") { record in
      record.replaceEnds { if $0.reason == .exitCode { $0.reason = .exitUnknown } }
    },
    Plant(check: .restarts, what: "its node was well") { $0.faults.entries = [] },
    Plant(check: .restarts, what: "only the master was stopped") { record in
      record.faults.entries[0].fault = .pause(.master, 15_000)
    },
    Plant(check: .restarts, what: "it was handed back while it ran") { record in
      record.faults.entries = []
      record.replace { if case .lost(let attempts) = $0 { .returned(attempts) } else { $0 } }
    },
    Plant(check: .restarts, what: "nobody gave it up") { record in
      record.facts.removeAll { if case .lost = $0.fact { true } else { false } }
    },
    Plant(check: .terminated, what: "it stays") { $0.faults.absences = [:] },
    Plant(check: .terminated, what: "it ends far too late") { record in
      record.faults.absences[.master] = [(from: 80_000_000, to: 81_000_000)]
    },
    Plant(check: .cancels, what: "an answered cancel is forgotten") { $0.cancelsAnswered[0].ordered = 2 },
    Plant(check: .cancels, what: "nobody wanted it cancelled") { $0.cancelsSent = [] },
    Plant(check: .cancels, what: "a cancel is not carried out") { record in
      record.replaceEnds { if $0.reason == .cancelled { $0.reason = .none } }
    },
  ]
}

extension Record {
  fileprivate mutating func replace(_ body: (Fact) -> Fact) {
    facts = facts.map { (body($0.fact), $0.at) }
  }

  fileprivate mutating func replaceEnds(_ body: (inout TaskEnd) -> Void) {
    replace { fact in
      guard case .ended(var ends) = fact else { return fact }
      for i in ends.indices { body(&ends[i]) }
      return .ended(ends)
    }
  }

  /// One job: `t0` and after it `t1`, `t2` fails, `t3` is cancelled, `t4` after `t1` runs twice, for its node was cut off.
  fileprivate static func right() -> Record {
    let workload = Workload(script: "task.sh", seed: 1)
    var spec = JobSpec(id: "a")
    spec.templates = workload.job(0).spec.templates
    for (i, (template, after)) in [(0, []), (0, [0]), (1, []), (2, []), (0, [1])].enumerated() {
      spec.append(name: "t\(i)", template: template, arguments: ["0.1"], after: after.map { UInt32($0) })
    }
    var record = Record()
    record.acknowledged["a"] = spec
    record.cancelsSent = ["a"]
    record.cancelsAnswered = [("a", 1)]
    record.faults.entries = [
      FaultLog.Entry(fault: .cut(.nodeToRack(0), .stall, 13_000), from: 100_000_000, to: 113_000_000)
    ]
    record.faults.entries.append(
      FaultLog.Entry(fault: .terminate(.master), from: 60_000_000, to: 60_000_000)
    )
    record.faults.absences = [.master: [(from: 61_000_000, to: 62_000_000)]]
    record.facts = facts(spec)
    var job = JobProgress(id: "a")
    job.counts[.succeeded] = 3
    job.counts[.failed] = 1
    job.counts[.cancelled] = 1
    record.shown = [job]
    record.history = History(
      text: """
        start a t0 1.1 node-0
        end a t0 1.1 node-0 0
        start a t1 1.4 node-0
        start a t2 1.2 node-1
        end a t2 1.2 node-1 3
        start a t3 1.3 node-1
        polite a t3 1.3 node-1
        end a t1 1.4 node-0 0
        start a t4 1.5 node-0
        start a t4 1.6 node-1
        end a t4 1.6 node-1 0
        end a t4 1.5 node-0 0

        """
    )
    return record
  }

  private static func facts(_ spec: JobSpec) -> [(fact: Fact, at: Int64)] {
    let rack = RackNumber(1)
    func id(_ n: UInt64) -> AttemptID { AttemptID(term: Term(1), number: n) }
    func end(_ n: UInt64, _ task: UInt64, _ reason: FailureReason = .none, _ status: Int32 = 0) -> Fact {
      var end = TaskEnd(attempt: id(n), task: TaskNumber(task), reason: reason, status: status)
      end.ended = WallTime(microseconds: 5)
      return .ended([end])
    }
    func assigned(_ n: UInt64, _ tasks: [UInt64]) -> Fact {
      .assigned(rack, first: id(n), tasks: tasks.map { TaskNumber($0) })
    }
    let job = SubmittedJob(
      number: JobNumber(1),
      firstTask: TaskNumber(1),
      firstTemplate: TemplateNumber(0),
      submitted: WallTime(microseconds: 1),
      spec: spec
    )
    let generation = Generation(term: Term(1), number: 1)
    return [
      (.termBegan(Term(1)), 1),
      (.rackGranted(RackGrant(rack: rack, name: "rack-0", incarnation: 1, generation: generation)), 2),
      (.nodePlaced(RosterNode(number: NodeNumber(1), name: "node-0"), rack), 3),
      (.jobSubmitted(job), 4), (assigned(1, [1, 3, 4]), 5), (end(1, 1), 6), (assigned(4, [2]), 7),
      (.endOrdered([TaskNumber(4)], .cancelled), 8), (end(2, 3, .exitCode, Workload.failingCode), 9),
      (end(3, 4, .cancelled), 10), (end(4, 2), 11), (assigned(5, [5]), 12),
      (.lost([TaskAttempt(attempt: id(5), task: TaskNumber(5))]), 111_000_000),
      (assigned(6, [5]), 112_000_000), (end(6, 5), 113_000_000),
    ]
  }
}
