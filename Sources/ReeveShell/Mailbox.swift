import Dispatch
package import ReeveModel
import Synchronization

/// Where everybody leaves what has happened, and one core's loop takes it out in batches.
package final class Mailbox<Event: Sendable>: Sendable {
  private let waiting = Mutex<[Event]>([])
  private let arrived = DispatchSemaphore(value: 0)

  package init() {}

  package func post(_ event: Event) {
    let wasEmpty = waiting.withLock { waiting in
      waiting.append(event)
      return waiting.count == 1
    }
    if wasEmpty { arrived.signal() }
  }

  /// The same for several: they stay together.
  package func post(_ events: [Event]) {
    guard !events.isEmpty else { return }
    let wasEmpty = waiting.withLock { waiting in
      defer { waiting += events }
      return waiting.isEmpty
    }
    if wasEmpty { arrived.signal() }
  }

  /// Empties the mailbox into `batch`, which keeps its capacity from one turn to the next. Waits for an event where there
  /// is none, until the deadline at most.
  package func drain(into batch: inout [Event], until deadline: Instant?) {
    batch.removeAll(keepingCapacity: true)
    waiting.withLock { swap(&$0, &batch) }
    guard batch.isEmpty else { return }
    if let deadline {
      let wait = deadline - BootClock.boot()
      guard wait > .zero else { return }
      _ = arrived.wait(timeout: .now() + .microseconds(Int(wait.microseconds)))
    } else {
      arrived.wait()
    }
    waiting.withLock { swap(&$0, &batch) }
  }

  /// Wakes the loop without an event.
  package func wake() { arrived.signal() }
}
