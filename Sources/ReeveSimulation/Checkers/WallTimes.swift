import ReeveModel

/// What masters say of the time of day never runs backwards in the journal, however their clocks are set.
struct WallTimes: Checker {
  static let promise = "wall time never runs backwards in the journal"

  mutating func see(_ sight: Sight, _ books: Books) -> [String] {
    switch sight {
    case .durable(.jobSubmitted(let job)) where job.submitted < books.lastWall:
      ["job \(job.spec.id) was submitted at \(job.submitted), after \(books.lastWall)"]
    case .durable(.calledOff(_, _, let wall)) where wall < books.lastWall:
      ["tasks were called off at \(wall), after \(books.lastWall)"]
    case .durable(.retried(let ends)):
      ends.filter { $0.ended < books.lastWall }
        .map { "task \($0.task) failed at \($0.ended), after \(books.lastWall)" }
    default: []
    }
  }
}
