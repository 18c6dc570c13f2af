package import ReeveModel

extension JobID {
  /// An id that nobody has used: ten letters and digits that are hard to mistake for each other.
  ///
  /// Made before the first try, so that a submission can be repeated. Among a million jobs the chance that any two
  /// collide is one in four hundred; the cluster refuses the second of them.
  package static func random() -> JobID {
    let letters = Array("bcdfghjkmnpqrstvwxyz")
    let signs = letters + Array("23456789")
    let first = letters[Int.random(in: letters.indices)]
    return JobID(String([first] + (1..<10).map { _ in signs[Int.random(in: signs.indices)] }))
  }
}
