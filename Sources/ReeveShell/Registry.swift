import Synchronization

/// Who waits under which number: sessions for their orders, clients for their answers.
package final class Registry<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let entries = Mutex<[Key: Value]>([:])

  package init() {}

  package func insert(_ value: Value, for key: Key) { entries.withLock { $0[key] = value } }
  package func remove(_ key: Key) -> Value? { entries.withLock { $0.removeValue(forKey: key) } }
  package func removeAll() -> [Value] {
    entries.withLock { entries in
      defer { entries = [:] }
      return Array(entries.values)
    }
  }
  package var isEmpty: Bool { entries.withLock { $0.isEmpty } }
  package subscript(key: Key) -> Value? { entries.withLock { $0[key] } }
}

/// Numbers that only grow, from 1.
package final class Counter: Sendable {
  private let last = Atomic<UInt64>(0)
  package init() {}
  package func next() -> UInt64 { last.add(1, ordering: .relaxed).newValue }
}
