import ReeveModel
import ReeveShell
import ReeveWire
import Synchronization

/// Offers, in batches as they come; who stops reading may begin again. An offer that has become void before it is taken out is left out.
public struct OfferSequence: AsyncSequence, Sendable {
  let news: Mailboxes

  public struct AsyncIterator: AsyncIteratorProtocol {
    let news: Mailboxes

    /// The next offers; `nil` when the framework has ended.
    public mutating func next() async -> [Offer]? {
      while let arrived = await news.offers.next(isLast: false) {
        let open = news.stillOpen(arrived.flatMap { $0 })
        if !open.isEmpty { return open }
      }
      return nil
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(news: news) }
}

/// What became of tasks, in batches as it comes. To ask for the next batch acknowledges the last: what is done with a batch
/// before that is done at least once.
public struct UpdateSequence: AsyncSequence, Sendable {
  let news: Mailboxes

  public struct AsyncIterator: AsyncIteratorProtocol {
    let news: Mailboxes
    /// What the last batch was, to be acknowledged where it came from.
    var taken: [Mailboxes.Batch] = []

    /// The next updates; `nil` when the framework has ended.
    public mutating func next() async -> [TaskUpdate]? {
      for batch in taken { batch.acknowledge() }
      taken = []
      guard let batches = await news.updates.next(isLast: false) else { return nil }
      taken = batches
      return batches.flatMap { $0.updates.map { TaskUpdate($0) } }
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(news: news) }
}

/// What has come from the master and was not taken out yet.
final class Mailboxes: Sendable {
  let offers = Outbox<[Offer]>()
  let updates = Outbox<Batch>()
  /// Offers of the stream that is open, and not void.
  private let open = Mutex<Set<UInt64>>([])

  struct Batch: Sendable {
    let updates: [ReeveModel.TaskUpdate]
    /// Of the stream that they came on: numbers of an older one mean nothing to the next.
    let outbox: Outbox<Reeve_V1_FrameworkUp>

    func acknowledge() {
      let ids = updates.map(\.id).filter { $0 != 0 }
      guard !ids.isEmpty else { return }
      var up = Reeve_V1_FrameworkUp()
      up.acknowledge.ids = ids
      outbox.post(up)
    }
  }

  /// A new stream: what was offered on the last is void.
  func begin() { open.withLock { $0 = [] } }

  func offered(_ arrived: [Offer]) {
    open.withLock { $0.formUnion(arrived.map(\.id)) }
    offers.post(arrived)
  }

  func rescinded(_ ids: [UInt64]) { open.withLock { $0.subtract(ids) } }

  /// Takes them out of the books: from here on they are the framework's to answer.
  func stillOpen(_ arrived: [Offer]) -> [Offer] {
    open.withLock { open in arrived.filter { open.remove($0.id) != nil } }
  }

  func updated(_ arrived: [ReeveModel.TaskUpdate], on outbox: Outbox<Reeve_V1_FrameworkUp>) {
    updates.post(Batch(updates: arrived, outbox: outbox))
  }

  func close() {
    offers.close()
    updates.close()
  }
}
