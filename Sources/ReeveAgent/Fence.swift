import Foundation
import ReeveModel
import ReeveShell
import Synchronization

/// Whose node this is, and the highest generation that it has obeyed: on disk before either counts, where it has one.
///
/// The file has a line that names the format and its version, the cluster's id in hexadecimal and the generation as
/// `term.number`.
final class Fence: Sendable {
  private struct State {
    var cluster: ClusterID?
    var obeyed = Generation.none
  }

  /// `nil` for a node that does not outlive this process.
  private let path: String?
  private let state: Mutex<State>
  private static let format = "reeve fence 1"

  /// Reads it; a node that has none yet obeys anybody.
  init(directory: String) throws {
    let path = directory + "/fence"
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else {
      state = Mutex(State())
      return
    }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    guard lines.count == 3, lines[0] == Self.format, let cluster = UInt128(lines[1], radix: 16),
      let obeyed = Self.generation(lines[2])
    else {
      throw Refusal(
        .invalid,
        field: "data",
        "\"\(path)\" is damaged, or of a newer Reeve: it should have the lines \"\(Self.format)\", the cluster's id and "
          + "the last generation. Put it back; or, where nothing of this node runs any more, remove its directory."
      )
    }
    state = Mutex(State(cluster: ClusterID(value: cluster), obeyed: obeyed))
  }

  /// Of a node that lives and dies with this process.
  init() {
    path = nil
    state = Mutex(State())
  }

  /// `nil` before the first master was met.
  var cluster: ClusterID? { state.withLock { $0.cluster } }
  var obeyed: Generation { state.withLock { $0.obeyed } }

  /// Binds the node to the first cluster that it meets.
  func belong(to cluster: ClusterID) throws {
    try state.withLock { state in
      guard let known = state.cluster else {
        return try write(State(cluster: cluster, obeyed: state.obeyed), to: &state)
      }
      guard known == cluster else {
        throw Refusal(.conflict, field: "master", "The master is of cluster \(cluster), not of \(known).")
      }
    }
  }

  func obey(_ generation: Generation) throws {
    try state.withLock { state in
      try write(State(cluster: state.cluster, obeyed: generation), to: &state)
    }
  }

  private func write(_ new: State, to state: inout State) throws {
    // Nobody is obeyed before the cluster is known.
    guard let cluster = new.cluster else { return }
    if let path {
      try writeWhole("\(Self.format)\n\(cluster)\n\(new.obeyed.term).\(new.obeyed.number)\n", to: path)
    }
    state = new
  }

  private static func generation(_ text: Substring) -> Generation? {
    let parts = text.split(separator: ".")
    guard parts.count == 2, let term = UInt32(parts[0]), let number = UInt64(parts[1]) else { return nil }
    return Generation(term: Term(term), number: number)
  }
}
