import Foundation
package import ReeveCore
import ReeveModel
import Synchronization

/// The one thread on which a core decides: mailbox → core over the batch → effects, again and again.
///
/// The core is a local variable of the loop and is reached by nobody else.
package final class CoreLoop<C: Core>: Sendable {
  package let mailbox = Mailbox<C.Event>()
  private let stopping = Atomic<Bool>(false)
  private let clock: BootClock

  /// A turn is cut off after so much, that nobody's request stalls the rest.
  private static var turnMax: TimeSpan { .milliseconds(2) }

  package init(clock: BootClock) { self.clock = clock }

  /// Starts the thread. `carryOut` gets each turn's effects, on that thread, and must not wait for long: what it waits is
  /// the time in which the core decides nothing.
  package func start(
    _ name: String,
    core: sending C,
    carryOut: @escaping @Sendable ([C.Effect]) -> Void
  ) {
    // Handed over once, to the thread that owns it from then on.
    let handover = Mutex<C?>(core)
    let thread = Thread { [self] in
      guard let core = handover.withLock({ $0.take() }) else { return }
      run(core, carryOut: carryOut)
    }
    thread.name = name
    thread.stackSize = 8 << 20
    thread.start()
  }

  package func post(_ event: C.Event) { mailbox.post(event) }
  package func post(_ events: [C.Event]) { mailbox.post(events) }

  package func stop() {
    stopping.store(true, ordering: .relaxed)
    mailbox.wake()
  }

  private func run(_ core: consuming C, carryOut: ([C.Effect]) -> Void) {
    var batch: [C.Event] = []
    var effects: [C.Effect] = []
    while !stopping.load(ordering: .relaxed) {
      mailbox.drain(into: &batch, until: core.nextDeadline)
      var next = 0
      repeat {
        let now = clock.now()
        let end = now.boot + Self.turnMax
        while next < batch.count {
          core.handle(batch[next], at: now, into: &effects)
          next += 1
          // After each: a page of a list takes a good part of a turn.
          if BootClock.boot() > end { break }
        }
        core.decide(at: now, into: &effects)
        if !effects.isEmpty {
          carryOut(effects)
          effects.removeAll(keepingCapacity: true)
        }
      } while next < batch.count
    }
  }
}
