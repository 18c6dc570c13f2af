extension RandomAccessCollection {
  /// The first place from which on `belongsInSecondPartition` holds, in a collection where it holds for no element before one
  /// for which it does not; the end where it holds for none.
  ///
  /// As in swift-algorithms, which is more than cores may import.
  /// - Complexity: O(log count).
  @inlinable package func partitioningIndex(where belongsInSecondPartition: (Element) -> Bool) -> Index {
    var (low, count) = (startIndex, self.count)
    while count > 0 {
      let half = count / 2
      let middle = index(low, offsetBy: half)
      if belongsInSecondPartition(self[middle]) {
        count = half
      } else {
        low = index(after: middle)
        count -= half + 1
      }
    }
    return low
  }
}
