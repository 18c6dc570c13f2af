import Logging
import ReeveCore
import ReeveModel
import ReeveReplication
import ReeveShell

// What the core does not keep.
extension MasterShell {
  /// Fills in how tasks ended, from the disk and beside the thread of decision.
  func complete(_ answer: Answer) -> Answer {
    switch answer {
    case .tasks(var views, let next):
      complete(&views)
      return .tasks(views, next: next)
    case .explained(var explanation):
      explanation.task = complete(explanation.task)
      if explanation.code == .ended { explanation.sentence = explanation.task.sentenceOfEnd }
      return .explained(explanation)
    default: return answer
    }
  }

  func complete(_ view: TaskView) -> TaskView {
    var views = [view]
    complete(&views)
    return views[0]
  }

  private func complete(_ views: inout [TaskView]) {
    do {
      try history.fill(&views)
    } catch {
      log.error("history", metadata: ["tasks": "\(views.count)", "reason": "\(error)"])
    }
  }

  /// Where the agent of a node serves its files; empty where that is not known.
  func address(ofNode name: String) async -> String {
    guard !name.isEmpty else { return "" }
    guard case .nodes(let nodes) = await ask(answers, { .asked($0, .nodes) }).value else { return "" }
    return nodes.first { $0.status.name == name }?.status.address ?? ""
  }
}

extension TaskView {
  /// How it ended, for people.
  fileprivate var sentenceOfEnd: String {
    let place = node.isEmpty ? "" : " on node \(node.quoted)"
    return switch state {
    case .succeeded: "It has completed\(place)."
    case .cancelled:
      "It was cancelled\(reason == .jobStopped ? ": too many tasks of its job had failed" : "")."
    case .skipped: "It was not needed: the failure that it waits for did not come."
    default: "It has failed\(place): \(reason.code)\(reason == .exitCode ? " \(status)" : "")."
    }
  }
}
