import GRPCCore
import ReeveCore
import ReeveModel
import ReeveShell
import ReeveWire

/// Brings the output of one task from its node to a client: of the attempt that runs, then of the next, until it ends.
struct LogRelay: Sendable {
  let shell: MasterShell
  let request: Reeve_V1_LogsRequest
  let response: RPCWriter<Reeve_V1_LogsReply>

  @concurrent func run() async throws {
    let number = shell.nextRequest()
    let outbox = Outbox<MasterShell.FollowMessage>()
    shell.follows.insert(outbox, for: number)
    defer {
      _ = shell.follows.remove(number)
      shell.post(.closed(number))
    }
    let task = request.task.isEmpty ? nil : request.task
    shell.post(.followOpened(number, TaskSelector(job: JobID(request.job), task: task)))
    var relayed = AttemptID.none
    while let messages = await outbox.next() {
      // Only the last counts: what a task was meanwhile is over.
      guard let last = messages.last else { continue }
      switch last {
      case .refused(let refusal):
        try await response.write(Reeve_V1_LogsReply(problem: refusal))
        return
      case .changed(let view, let address):
        if view.started != .none, view.attempt != relayed {
          relayed = view.attempt
          try await relay(view, from: address)
        }
        if view.state.isTerminal || !request.follow {
          try await response.write(Reeve_V1_LogsReply(ended: view))
          return
        }
      }
    }
  }

  /// Both streams at once.
  @concurrent private func relay(_ view: TaskView, from address: String) async throws {
    await withTaskGroup(of: Void.self) { group in
      for isStderr in [false, true] where isStderr ? request.stderr : request.stdout {
        group.addTask {
          await AttemptRelay(relay: self, view: view, isStderr: isStderr).run(from: address)
        }
      }
    }
  }

  /// The task as it is now, and where its node serves files: an agent that came back has another address.
  @concurrent func look() async -> (TaskView, String)? {
    let number = shell.nextRequest()
    let outbox = Outbox<MasterShell.FollowMessage>()
    shell.follows.insert(outbox, for: number)
    defer {
      _ = shell.follows.remove(number)
      shell.post(.closed(number))
    }
    let task = request.task.isEmpty ? nil : request.task
    shell.post(.followOpened(number, TaskSelector(job: JobID(request.job), task: task)))
    guard case .changed(let view, let address)? = await outbox.next()?.last else { return nil }
    return (view, address)
  }
}

extension Reeve_V1_LogsReply {
  fileprivate init(problem: Refusal) {
    self.init()
    self.problem = Reeve_V1_Problem(problem)
  }

  fileprivate init(ended view: TaskView) {
    self.init()
    ended = Reeve_V1_TaskView(view)
  }
}
