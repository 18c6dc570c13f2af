import Dispatch
import Foundation
import ReeveCore
import ReeveModel
import ReeveReplication
import ReeveShell
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
  private let compactor: Compactor
  private let tellDisk: @Sendable (JournalError?) -> Void
  /// While the disk is low it is looked at so often, whether or not there is anything to write.
  private static let lookEvery = DispatchTimeInterval.seconds(1)
  /// While the next segment is being made, which shows whether there is room for it.
  private static let lookWhilePreparing = DispatchTimeInterval.milliseconds(20)

  /// - Parameters:
  ///   - clock: gives the groups their times.
  ///   - compactor: hears of what is durable.
  ///   - tellDisk: called when the disk will not take another segment, with the reason, and when it will again.
  ///   - carryOut: lets one effect go; called in their order, from one thread at a time.
  ///   - fail: called when the journal cannot be written: the core is ahead of it then, and the process has to end.
  init(
    clock: BootClock,
    compactor: Compactor,
    tellDisk: @escaping @Sendable (JournalError?) -> Void,
    carryOut: @escaping @Sendable (MasterEffect) -> Void,
    fail: @escaping @Sendable (any Error) -> Never
  ) {
    self.clock = clock
    self.compactor = compactor
    self.tellDisk = tellDisk
    self.carryOut = carryOut
    self.fail = fail
  }

  func start(_ files: sending MasterFiles) {
    // Handed over once, to the thread that owns it from then on.
    let handover = Mutex<MasterFiles?>(files)
    let thread = Thread { [self] in
      guard let files = handover.withLock({ $0.take() }) else { return }
      // The segment that was found may be nearly full.
      var isLow = lookAtDisk(of: files.journal, wasLow: false)
      while true {
        if waitForWork(files.journal, isLow: isLow) { writeNext(to: files) }
        isLow = lookAtDisk(of: files.journal, wasLow: isLow)
      }
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

  /// - Returns: whether there is something to write; `false` when it is time for a look at the disk.
  private func waitForWork(_ journal: FileJournal, isLow: Bool) -> Bool {
    let span = isLow ? Self.lookEvery : journal.isPreparing ? Self.lookWhilePreparing : nil
    guard let span else {
      isFull.wait()
      return true
    }
    return isFull.wait(timeout: .now() + span) == .success
  }

  /// Tells of a change. A shortage shows when half of a segment is left, which is what ends have to make do with.
  /// - Returns: whether it is low now.
  private func lookAtDisk(of journal: FileJournal, wasLow: Bool) -> Bool {
    let shortage = journal.shortage
    let isLow = shortage != nil
    if isLow != wasLow { tellDisk(shortage) }
    return isLow
  }

  private func writeNext(to files: MasterFiles) {
    let effects = slot.withLock { slot in
      defer { slot = [] }
      return slot
    }
    do {
      let facts = effects.compactMap { effect -> Fact? in
        if case .record(let fact) = effect { fact } else { nil }
      }
      let bytes = try files.append(facts, at: clock.now().wall)
      compactor.appended(bytes: bytes, at: files.position)
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
