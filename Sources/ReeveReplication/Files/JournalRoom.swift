import Synchronization

/// What a journal can still take, for those who ask before something is decided that has to be written then: an append that
/// finds no room ends the process.
///
/// Shared by the journal's owner and any number of threads.
package final class JournalRoom: Sendable {
  private struct State {
    /// What the present segment takes before it is half full. The other half is for what cannot be refused.
    var spare = 0
    /// Payload bytes that may come at any moment.
    var promised = 0
  }

  private let state = Mutex(State())
  private let preparer: SegmentPreparer

  init(_ preparer: SegmentPreparer) { self.preparer = preparer }

  /// A payload of more than this cannot be written at all.
  package static var payloadBytesMax: Int { Frame.payloadBytesMax }

  /// For headers, and for what is written beside what was promised.
  private static let margin = 1 << 20

  /// Promises room for a payload, unless that and all that is promised already might not fit.
  /// - Parameter bytes: of the payload, at most.
  /// - Returns: whether it is promised; if so, it is to be released when it is written or will not come.
  package func promise(_ bytes: Int) -> Bool {
    state.withLock { state in
      let wanted = state.promised + bytes
      guard wanted <= state.spare || wanted <= preparer.readyBytes / 2 || fitsOnDisk(wanted) else {
        return false
      }
      state.promised = wanted
      return true
    }
  }

  package func release(_ bytes: Int) { state.withLock { $0.promised -= bytes } }

  /// Notes how far the present segment is written.
  func written(_ segment: Segment) {
    state.withLock { $0.spare = segment.header.capacity / 2 - segment.end }
  }

  /// Twice as much is wanted there: a segment that is made for lack of a longer one can be half empty when the next is
  /// needed.
  private func fitsOnDisk(_ bytes: Int) -> Bool {
    guard let free = preparer.freeBytes else { return true }
    return free >= UInt(2 * bytes + Self.margin)
  }
}
