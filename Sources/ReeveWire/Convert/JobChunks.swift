package import ReeveModel
import SwiftProtobuf

extension JobSpec {
  /// The job in chunks for a stream: everything but the tasks, tasks in order, and the commit.
  ///
  /// Only what cannot be divided is longer than `limit` bytes: the head, or a task that is so long on its own.
  /// - Complexity: O(*n*) in the tasks; their strings are copied and never read.
  package func chunks(limit: Int = 1 << 20) -> [Reeve_V1_SubmitChunk] {
    var chunks: [Reeve_V1_SubmitChunk] = []
    chunks.append(.with { $0.head = Reeve_V1_JobSpec(head: self) })
    for range in chunkRanges(limit: limit) {
      chunks.append(.with { $0.tasks = Reeve_V1_TaskColumns(range, of: self) })
    }
    chunks.append(.with { $0.commit.tasks = UInt64(entryCount) })
    return chunks
  }

  /// Consecutive tasks that travel together.
  private func chunkRanges(limit: Int) -> [Range<Int>] {
    // Tags and lengths of the message and its seven fields, none of which takes more than 6 bytes.
    let frame = 64
    // No place or end in a chunk is larger than these, so none takes more bytes than the largest.
    let place = varintLength(max(limit, entryCount, templates.count))
    var ranges: [Range<Int>] = []
    var start = 0
    var size = frame
    let arrays = arrayBytes
    for i in 0..<entryCount {
      let cost = bytes(of: i, place: place) + (arrays[i] ?? 0)
      if size + cost > limit && i > start {
        ranges.append(start..<i)
        (start, size) = (i, frame)
      }
      size += cost
    }
    if start < entryCount { ranges.append(start..<entryCount) }
    return ranges
  }

  /// At most so many bytes does one task take on the wire.
  private func bytes(of i: Int, place: Int) -> Int {
    let own = arguments.range(i)
    let ends = arguments.strings.ends
    let start = own.lowerBound == 0 ? 0 : Int(ends[own.lowerBound - 1])
    let end = own.isEmpty ? start : Int(ends[own.upperBound - 1])
    // One entry each of the ends of its name, its list and its dependencies, and its template.
    let edges = dependencyRange(i).count
    let entries = 4 + own.count + edges
    return taskNames.range(i).count + (end - start) + entries * place + edges
  }

  /// What arrays take, by their entries.
  private var arrayBytes: [Int: Int] {
    let bytes = arrays.map { array in
      (Int(array.entry), 64 + 15 * array.runs.count + array.values.bytes.count + 5 * array.values.count)
    }
    return Dictionary(bytes) { $0 + $1 }
  }
}

/// Bytes that a number takes as a protobuf varint.
private func varintLength(_ value: Int) -> Int {
  (Int.bitWidth - (value | 1).leadingZeroBitCount + 6) / 7
}
