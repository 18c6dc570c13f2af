import Dispatch
import Foundation
import ReeveCore
import ReeveModel
import ReeveReplication
import ReeveShell
import ReeveWire
import Synchronization

/// Makes each turn's records durable, then lets the turn's other effects go.
///
/// One group is in flight at a time: while it is synced the core decides the next turn, and is held up only when that is
/// done too. Encoding, compression and the sync are on the writer's own thread.
final class JournalWriter: Sendable {
  private let slot = Mutex<[MasterEffect]>([])
  private let isFree = DispatchSemaphore(value: 1)
  private let isFull = DispatchSemaphore(value: 0)
  private let clock: BootClock
  private let carryOut: @Sendable (MasterEffect) -> Void
  private let fail: @Sendable (any Error) -> Never

  /// - Parameters:
  ///   - clock: gives the groups their times.
  ///   - carryOut: lets one effect go; called in their order, from one thread at a time.
  ///   - fail: called when the journal cannot be written: the core is ahead of it then, and the process has to end.
  init(
    clock: BootClock,
    carryOut: @escaping @Sendable (MasterEffect) -> Void,
    fail: @escaping @Sendable (any Error) -> Never
  ) {
    self.clock = clock
    self.carryOut = carryOut
    self.fail = fail
  }

  func start(_ journal: sending FileJournal) {
    // Handed over once, to the thread that owns it from then on.
    let handover = Mutex<FileJournal?>(journal)
    let thread = Thread { [self] in
      guard let journal = handover.withLock({ $0.take() }) else { return }
      while true { writeNext(to: journal) }
    }
    thread.name = "journal"
    thread.start()
  }

  /// Hands over a turn's effects; waits while the turn before is not durable yet.
  func submit(_ effects: [MasterEffect]) {
    isFree.wait()
    if effects.contains(where: \.isRecord) {
      slot.withLock { $0 = effects }
      isFull.signal()
    } else {
      // Nothing is in flight: all that the core has decided is durable.
      for effect in effects { carryOut(effect) }
      isFree.signal()
    }
  }

  private func writeNext(to journal: FileJournal) {
    isFull.wait()
    let effects = slot.withLock { slot in
      defer { slot = [] }
      return slot
    }
    do {
      let facts = effects.compactMap { effect -> Fact? in
        if case .record(let fact) = effect { fact } else { nil }
      }
      _ = try journal.append(try encodeGroup(facts, at: clock.now().wall))
    } catch {
      fail(error)
    }
    for effect in effects { carryOut(effect) }
    isFree.signal()
  }

  /// Waits until everything handed over is durable and carried out, and takes nothing more.
  func close() { isFree.wait() }
}

extension MasterEffect {
  fileprivate var isRecord: Bool { if case .record = self { true } else { false } }
}
