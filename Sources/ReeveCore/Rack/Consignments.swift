package import ReeveModel

/// The payload of launches, in the batches in which it came, until each has started, ended or gone back.
///
/// A batch is kept whole while one of its launches needs it: no allocation a launch, and at most a batch too much for each
/// that waits.
package struct Consignments: Sendable {
  private var batches: [Kept] = []
  private var vacant: [Int] = []

  private struct Kept: Sendable {
    var batch: LaunchBatch
    /// Launches that still need it; zero where the place is vacant.
    var needed: Int
  }

  package init() {}

  /// Keeps a batch for `needed` of its launches, which must be more than none.
  package mutating func keep(_ batch: LaunchBatch, needed: Int) -> Int {
    guard let place = vacant.popLast() else {
      batches.append(Kept(batch: batch, needed: needed))
      return batches.count - 1
    }
    batches[place] = Kept(batch: batch, needed: needed)
    return place
  }

  package mutating func release(_ place: Int) {
    batches[place].needed -= 1
    guard batches[place].needed == 0 else { return }
    batches[place].batch = LaunchBatch()
    vacant.append(place)
  }

  package func copy(_ line: Int, of place: Int, into other: inout LaunchBatch) {
    other.append(line, of: batches[place].batch)
  }

  /// How many launches need the batch at each place.
  package var needs: [Int] { batches.map(\.needed) }
}
