import Foundation
import Glibc

/// The agent's end of its connection to `reeve-spawn`, which is the parent of all tasks and outlives the agent.
///
/// Calls never wait for the supervisor. What it says comes in batches, on a thread of its own.
package final class Supervisor: Sendable {
  /// How long a supervisor may take to start and to answer.
  package static let patience = Duration.seconds(5)

  private let connection: SupervisorConnection

  private init(_ connection: SupervisorConnection) { self.connection = connection }

  /// Ends the connection; the supervisor and its tasks go on.
  deinit { connection.close() }

  /// Connects to the supervisor of the node whose directory this is, and starts one if there is none.
  ///
  /// - Parameters:
  ///   - directory: the node's directory, which must exist.
  ///   - executable: the path of `reeve-spawn`.
  ///   - onEvents: gets all events that one read brought, in order, always on the same thread.
  /// - Returns: the connection, and all that the supervisor had when it was made; events are what came after.
  /// - Throws: if there is none and none can be started, or none answers in time.
  package static func connect(
    directory: String,
    executable: String,
    onEvents: @escaping @Sendable ([SupervisorEvent]) -> Void
  ) throws -> (Supervisor, SupervisorState) {
    let deadline = ContinuousClock.now + patience
    while true {
      if let file = try SupervisorSocket.open(in: directory) {
        // A supervisor that is just exiting takes a connection without ever answering; then the next try finds none.
        if let (connection, state) = try SupervisorConnection.greet(file, until: deadline, onEvents: onEvents)
        {
          connection.startReading()
          return (Supervisor(connection), state)
        }
      } else {
        try SupervisorSocket.start(executable, directory: directory, until: deadline)
      }
      guard ContinuousClock.now < deadline else { throw SupervisorError.noAnswer(directory: directory) }
      usleep(5_000)
    }
  }

  package func spawn(_ requests: [SpawnRequest]) {
    var writer = FrameWriter()
    for request in requests {
      writer.frame(.spawn) { frame in
        frame.put(request.attempt)
        frame.put(request.slot)
        frame.put(request.directory)
        frame.put(request.arguments)
        frame.put(request.environment)
        frame.put(request.tag)
      }
    }
    connection.send(writer.bytes)
  }

  package func kill(_ orders: [KillOrder]) {
    var writer = FrameWriter()
    for order in orders {
      writer.frame(.kill) { frame in
        frame.put(order.attempt)
        frame.put(order.reason)
        frame.put(order.grace.wholeMilliseconds)
      }
    }
    connection.send(writer.bytes)
  }

  /// Sends a signal to an attempt's whole group; nothing is noted, and nothing happens where it does not run.
  package func signal(_ attempt: UInt64, _ number: UInt8) {
    var writer = FrameWriter()
    writer.frame(.signal) { frame in
      frame.put(attempt)
      frame.put(number)
    }
    connection.send(writer.bytes)
  }

  /// Acknowledges ends and failures: they are kept by somebody else now.
  package func forget(_ attempts: [UInt64]) {
    var writer = FrameWriter()
    for start in stride(from: 0, to: attempts.count, by: 65_536) {
      let part = attempts[start..<min(start + 65_536, attempts.count)]
      writer.frame(.forget) { frame in
        frame.put(UInt32(part.count))
        for attempt in part { frame.put(attempt) }
      }
    }
    connection.send(writer.bytes)
  }

  /// Ends all tasks (TERM, the grace, KILL) and then the supervisor itself.
  package func shutdown(grace: Duration) {
    var writer = FrameWriter()
    writer.frame(.shutdown) { $0.put(grace.wholeMilliseconds) }
    connection.send(writer.bytes)
  }

  /// Ends the connection; `disconnected` is the last event. The supervisor and its tasks go on.
  package func close() { connection.close() }
}

package enum SupervisorError: Error, CustomStringConvertible {
  case cannotConnect(directory: String, errno: Int32)
  case cannotStart(executable: String, reason: String)
  case noAnswer(directory: String)

  package var description: String {
    switch self {
    case .cannotConnect(let directory, let errno):
      "cannot connect to \(directory)/spawn.sock: \(String(cString: strerror(errno)))"
    case .cannotStart(let executable, let reason): "cannot start \(executable): \(reason)"
    case .noAnswer(let directory):
      "the supervisor of \(directory) does not answer; see \(directory)/spawn.log"
    }
  }
}

extension Duration {
  /// As the protocol has it: in milliseconds, rounded up, within what 32 bits hold.
  fileprivate var wholeMilliseconds: UInt32 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < Int64(UInt32.max) / 1000 else { return .max }
    return UInt32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
