import Glibc

/// A node's slots. A slot is made once and used again for as long as tasks leave it as it was; what a task wrote is
/// moved away with its slot, and the number is made anew.
///
/// Owned by whoever starts tasks; not to be shared.
package struct SlotPool {
  private let directory: String
  /// The last one given back comes first: the supervisor still has its files open.
  private var free: [Slot] = []
  private var unmade: [Slot] = []
  private var next = 0

  /// Finds what earlier processes left.
  ///
  /// - Parameters:
  ///   - directory: the node's directory, which must exist.
  ///   - inUse: the slots of all attempts that the supervisor has told of, running or ended. The others are free, or,
  ///     if somebody wrote there, are moved to `tasks/orphan-K`.
  /// - Throws: if the directories cannot be made, read or moved.
  package init(directory: String, inUse: Set<Slot>) throws {
    self.directory = directory
    for name in ["slots", "tasks"] { try Files.makeDirectory("\(directory)/\(name)") }
    let found = Set(try Files.list("\(directory)/slots").compactMap { Slot(path: "slots/\($0)") })
    next = (found.union(inUse).map(\.number).max() ?? -1) + 1
    for slot in found.subtracting(inUse).sorted(by: { $0.number > $1.number }) {
      if isClean(slot) {
        free.append(slot)
      } else {
        try moveAway(slot, to: "tasks/orphan-\(slot.number)")
        unmade.append(slot)
      }
    }
    let known = found.union(inUse)
    unmade += (0..<next).map(Slot.init).filter { !known.contains($0) }
  }

  /// A slot with an empty `work/`, `stdout` and `stderr`.
  package mutating func take() throws -> Slot {
    if let slot = free.popLast() { return slot }
    let slot = unmade.last ?? Slot(number: next)
    let path = "\(directory)/\(slot.path)"
    try Files.makeDirectory(path)
    try Files.makeDirectory("\(path)/work")
    for name in ["stdout", "stderr"] { try Files.makeEmptyFile("\(path)/\(name)") }
    if unmade.popLast() == nil { next += 1 }
    return slot
  }

  /// Takes a slot back when its attempt has ended.
  ///
  /// - Parameters:
  ///   - slot: the slot, from `take` or from what the supervisor told of.
  ///   - touched: whether the attempt wrote anything, there or to its output.
  ///   - task: the task's name, whatever it is.
  ///   - attempt: the attempt's name.
  /// - Returns: where the attempt's files are now, from the node's directory; nil if it left none.
  /// - Throws: if the slot cannot be moved; it is then neither free nor made anew.
  @discardableResult
  package mutating func giveBack(
    _ slot: Slot,
    end touched: Bool,
    keepAs task: String,
    attempt: String
  ) throws -> String? {
    guard touched else {
      // Told between its end and the news of it.
      unlink("\(directory)/\(slot.messages)")
      free.append(slot)
      return nil
    }
    let kept = KeptAttempt.path(task: task, attempt: attempt)
    try Files.makeDirectory("\(directory)/tasks/\(KeptAttempt.directoryName(task))")
    let place = try moveAway(slot, to: kept)
    unmade.append(slot)
    return place
  }

  private func isClean(_ slot: Slot) -> Bool {
    let path = "\(directory)/\(slot.path)"
    for name in ["stdout", "stderr"] where Files.size("\(path)/\(name)") ?? 0 > 0 { return false }
    guard let entries = try? Files.list(path), entries.allSatisfy(["work", "stdout", "stderr"].contains)
    else {
      return false
    }
    return !entries.contains("work") || (try? Files.list("\(path)/work").isEmpty) == true
  }

  /// Renames the slot, with a number behind the name if there is such a thing already.
  @discardableResult
  private func moveAway(_ slot: Slot, to wanted: String) throws -> String {
    var place = wanted
    var number = 1
    while true {
      // An empty directory of that name would be replaced; nobody misses it.
      if rename("\(directory)/\(slot.path)", "\(directory)/\(place)") == 0 { return place }
      guard errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR else {
        throw FileError(action: "move \(slot.path) to \(place)", errno: errno)
      }
      place = "\(wanted).\(number)"
      number += 1
    }
  }
}
