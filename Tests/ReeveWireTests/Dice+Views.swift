import ReeveModel

/// What users ask and see, and what the journal holds. Of an enum the `kind` says which case.
extension Dice {
  static let queryKinds = 0..<7
  mutating func query(_ kind: Int) -> Query {
    switch kind {
    case 0:
      .jobs(
        .init(
          job: some { $0.job() },
          user: some { $0.name() },
          all: bool(),
          limit: Int(max(1, u32())),
          before: bits(62)
        )
      )
    case 1:
      .tasks(
        .init(
          what: selector(),
          after: bits(62),
          limit: Int(max(1, u32())),
          details: bool()
        )
      )
    case 2: .nodes
    case 3: .racks
    case 4: .queue(limit: Int(max(1, u32())))
    case 5: .policy
    default: .explain(selector())
    }
  }

  static let answerKinds = 0..<8
  mutating func answer(_ kind: Int) -> Answer {
    switch kind {
    case 0: .jobs(list { $0.jobProgress() }, next: bits(62))
    case 1: .tasks(list { $0.taskView() }, next: bits(62))
    case 2: .nodes(list { $0.nodeView() })
    case 3: .racks(list { $0.rackView() })
    case 4: .tasks(list { $0.taskView() }, next: bits(62))
    case 5: .policy(policySetting())
    case 6: .explained(explanation())
    default: .refused(refusal())
    }
  }

  mutating func refusal() -> Refusal { Refusal(one(of: Refusal.Code.allCases), field: word(), word()) }
  mutating func selector() -> TaskSelector {
    TaskSelector(
      job: name(),
      task: some { $0.name() },
      state: some { $0.name() },
      label: some { $0.variable() },
      user: some { $0.name() }
    )
  }

  mutating func explanation() -> Explanation {
    var explanation = Explanation(
      task: taskView(),
      code: one(of: Explanation.Code.allCases),
      sentence: word()
    )
    explanation.ahead = Int(bits(40))
    explanation.waitsForCount = Int(bits(40))
    explanation.racks = list {
      Explanation.RackFunnel(
        rack: $0.word(),
        isConnected: $0.bool(),
        nodes: Int($0.u32()),
        matching: Int($0.u32()),
        largeEnough: Int($0.u32()),
        fitsNow: Int($0.bits(40)),
        free: $0.free()
      )
    }
    explanation.terms = list {
      Explanation.Term(name: $0.word(), value: Double($0.i32()) / 8, weight: Double($0.i32()) / 8)
    }
    let states = Array(TaskState.allCases.dropFirst(isFull ? 1 : 0))
    explanation.waitsFor = list {
      Explanation.Ancestor(job: $0.job(), task: $0.word(), state: $0.one(of: states))
    }
    return explanation
  }

  static let orderKinds = 0..<7
  mutating func order(_ kind: Int) -> UserOrder {
    switch kind {
    case 0: .cancel
    case 1: .hold
    case 2: .release
    case 3: .priority(Int32.random(in: Limits.priority, using: &self))
    case 4: .retry(alsoCancelled: bool())
    case 5: .close
    default: .policy(policySetting())
    }
  }
  mutating func nodeView() -> NodeView { NodeView(status: nodeStatus(), rack: word()) }

  mutating func rackView() -> RackView {
    RackView(
      number: rack(),
      name: word(),
      state: one(of: RackView.State.allCases),
      address: word(),
      nodes: Int(u32()),
      total: resources(),
      free: free(),
      assigned: Int(bits(40)),
      generation: generation()
    )
  }

  mutating func jobProgress() -> JobProgress {
    var counts = TaskCounts()
    for state in TaskState.allCases { counts[state] = Int(bits(40)) }
    var progress = JobProgress(
      id: job(),
      name: word(),
      user: word(),
      labels: list { $0.variable() },
      submitted: wall(),
      ended: wall(),
      counts: counts,
      reason: reason(),
      status: i32()
    )
    progress.isOpen = bool()
    progress.isStopped = bool()
    return progress
  }

  mutating func taskView() -> TaskView {
    let states = TaskState.allCases.dropFirst(isFull ? 1 : 0)
    var view = TaskView(number: task(), name: word(), job: job(), state: one(of: Array(states)))
    view.reason = reason()
    view.status = i32()
    view.node = word()
    view.rack = word()
    view.attempt = attempt()
    view.attempts = Int(u32())
    view.priority = i32()
    view.resources = resources()
    view.constraints = list { $0.constraint() }
    view.timeLimit = some { TimeSpan(microseconds: max(1, $0.amount())) }
    view.awaitsNode = bool()
    view.isHeld = bool()
    view.isInBackOff = bool()
    view.index = some { UInt32($0.bits(31)) }
    view.labels = list { $0.variable() }
    view.inputs = list { $0.word() }
    view.outputs = list { $0.word() }
    view.submitted = wall()
    view.started = wall()
    view.ended = wall()
    view.usage = usage()
    view.details = some { $0.details() }
    return view
  }

  mutating func details() -> TaskView.Details {
    .init(
      command: list { $0.word() },
      environment: list { $0.variable() },
      after: list { $0.word() },
      end: some { $0.detail() }
    )
  }

  static let factKinds = 0..<27
  mutating func fact(_ kind: Int) -> Fact {
    switch kind {
    case 0: .termBegan(term())
    case 1: .jobSubmitted(submittedJob())
    case 2: .assigned(rack(), first: attempt(), tasks: list { $0.task() })
    case 3: .returned(list { $0.taskAttempt() })
    case 4: .lost(list { $0.taskAttempt() })
    case 5: .started(list { $0.start() })
    case 6: .ended(list { $0.end() })
    case 7: .endOrdered(list { $0.task() }, reason())
    case 8:
      .rackGranted(RackGrant(rack: rack(), name: word(), incarnation: bits(64), generation: generation()))
    case 9: .nodePlaced(RosterNode(number: node(), name: word()), rack())
    case 10: .nodeMarked(node(), lost: bool())
    case 11: .nodeAwaited(list { LostAttempt($0.taskAttempt(), on: $0.node()) })
    case 12: .nodeReturned(list { $0.task() })
    case 13: .retried(list { $0.end() })
    case 14: .calledOff(runs(), reason(), at: wall())
    case 15: .held(runs())
    case 16: .released(runs())
    case 17: .prioritySet(runs(), i32())
    case 18: .roundBegan(runs())
    case 19: .policySet(policySetting())
    case 20: .jobClosed(JobNumber(u32()), reason(), at: wall())
    case 21: .nodeForgotten(node())
    case 22: .frameworkSubscribed(subscribedFramework())
    case 23: .frameworkRemoved(FrameworkNumber(u32()))
    case 24: .endsAcknowledged(list { $0.task() })
    case 25: .roleSet(role())
    default: .roleForgotten(word())
    }
  }

  mutating func runs() -> [TaskRun] { list { TaskRun(first: $0.task(), count: $0.u32()) } }

  mutating func submittedJob() -> SubmittedJob {
    SubmittedJob(
      number: JobNumber(u32()),
      firstTask: task(),
      firstTemplate: TemplateNumber(UInt32(bits(31))),
      submitted: wall(),
      spec: jobSpec(),
      outerTargets: list { OuterTarget(job: JobNumber($0.u32()), first: $0.u32(), count: $0.u32()) },
      constraints: list { $0.constraint() }
    )
  }
}
