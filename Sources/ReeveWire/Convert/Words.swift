import ReeveModel

/// The words that stand for cases of an enum on the wire, made once: in a view of many tasks they are hot.
extension FailureReason {
  private static let byCode = Dictionary(uniqueKeysWithValues: allCases.map { ($0.code, $0) })

  init(wire code: String) throws(WireError) {
    guard let reason = Self.byCode[code] else { throw WireError("reason", "\"\(code)\" is no known reason") }
    self = reason
  }
}

extension TaskState {
  private static let phases = allCases.map(\.phase)
  private static let byPhase = Dictionary(uniqueKeysWithValues: allCases.map { ($0.phase, $0) })

  /// Same as `phase`, which makes its string by reflection.
  var phaseWord: String { Self.phases[Int(rawValue)] }

  init(wire phase: String) throws(WireError) {
    guard let state = Self.byPhase[phase] else { throw WireError("phase", "\"\(phase)\" is no known phase") }
    self = state
  }
}

extension NodeStatus.State {
  init(wire word: String) throws(WireError) {
    guard let state = Self(rawValue: word) else {
      throw WireError("state", "\"\(word)\" is no known state of a node")
    }
    self = state
  }
}

extension FrameworkView.State {
  init(wire word: String) throws(WireError) {
    guard let state = Self(rawValue: word) else {
      throw WireError("state", "\"\(word)\" is no known state of a framework")
    }
    self = state
  }
}

extension FrameworkView.Code {
  init(wire word: String) throws(WireError) {
    guard let code = Self(rawValue: word) else { throw WireError("code", "\"\(word)\" is no known code") }
    self = code
  }
}

extension RackView.State {
  init(wire word: String) throws(WireError) {
    guard let state = Self(rawValue: word) else {
      throw WireError("state", "\"\(word)\" is no known state of a rack")
    }
    self = state
  }
}
