/// Measurements of the same thing.
struct Samples: Sendable {
  private var sorted: [Double]

  init(_ values: [Double]) {
    precondition(!values.isEmpty, "nothing was measured")
    sorted = values.sorted()
  }

  var least: Double { sorted[0] }
  var most: Double { sorted[sorted.count - 1] }
  var median: Double { (percentile(50) + sorted[sorted.count / 2]) / 2 }

  /// The least of them that `percent` of them do not exceed.
  func percentile(_ percent: Int) -> Double { sorted[max(0, (sorted.count * percent + 99) / 100 - 1)] }
}

extension Duration {
  var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) / 1e18
  }
  var milliseconds: Double { seconds * 1e3 }
}
