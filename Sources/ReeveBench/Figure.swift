/// One measured number.
package struct Figure: Hashable, Sendable {
  /// `scenario.what`.
  package var name: String
  package var value: Double
  package var unit: String

  package init(_ name: String, _ value: Double, _ unit: String) {
    self.name = name
    self.value = value
    self.unit = unit
  }

  /// The value in thousandths, with no more digits than a run of it can repeat.
  package var thousandths: Int64 {
    guard value.isFinite else { return 0 }
    let step: Double =
      switch value.magnitude {
      case 1_000...: 1_000
      case 100...: 100
      case 10...: 10
      default: 1
      }
    return Int64((value * 1_000 / step).rounded() * step)
  }
}
