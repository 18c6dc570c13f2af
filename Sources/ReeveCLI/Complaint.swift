import ArgumentParser
import ReeveClient
import ReeveModel
import ReeveOutput

/// A command line that cannot be understood, or a file that cannot be read.
struct UsageError: Error {
  var message: String
  init(_ message: String) { self.message = message }
}

/// What is told of an error, and the exit status that goes with it.
struct Complaint {
  private var status: Int32
  private var code: String
  private var field = ""
  private var message: String

  init(_ error: any Error) {
    if let error = error as? UsageError {
      (status, code, message) = (ExitStatus.usage, "usage", error.message)
    } else if let refusal = Refusal(error) {
      (status, code) = (ExitStatus.of(refusal), refusal.code.rawValue)
      (field, message) = (refusal.field, refusal.message)
    } else if Self.isFromParser(error) {
      // Its own statuses are those of sysexits.h; only help asked for is a success.
      let succeeded = Reeve.exitCode(for: error).isSuccess
      (status, code) = (succeeded ? ExitStatus.done : ExitStatus.usage, "usage")
      message = Reeve.fullMessage(for: error)
    } else {
      (status, code, message) = (ExitStatus.reeveFailed, "internal", "\(error)")
    }
  }

  func report(asJSON: Bool) -> Int32 {
    if status == ExitStatus.done {
      StandardOutput.write(message + "\n")
      StandardOutput.flush()
    } else if asJSON {
      let fields = [
        Field("code", .text(code)), Field("field", .text(field)), Field("message", .text(plainMessage)),
      ]
      StandardError.write(JSON.line(.object(fields)) + "\n")
    } else {
      let place = field.isEmpty || message.hasPrefix(field) ? "" : "\(field): "
      StandardError.write("reeve: \(place)\(Self.shown(plainMessage))\n")
    }
    return status
  }

  /// Without the parser's own beginning.
  private var plainMessage: String {
    message.hasPrefix("Error: ") ? String(message.dropFirst("Error: ".count)) : message
  }

  /// Without what would move a terminal's cursor: the parser repeats words as they were typed.
  private static func shown(_ message: String) -> String {
    message.unicodeScalars.reduce(into: "") { text, scalar in
      let isControl = scalar.properties.generalCategory == .control && scalar != "\n"
      text += isControl ? scalar.escaped(asASCII: true) : String(scalar)
    }
  }

  /// Whether scripts read along, as far as that can be told of arguments that may make no sense.
  static func wantsJSON(_ arguments: [String]) -> Bool {
    let own = arguments.prefix { $0 != "--" }
    if own.contains("--json") || own.contains("-o=json") { return true }
    return zip(own, own.dropFirst()).contains { $0 == "-o" && $1.hasPrefix("json") }
  }

  private static func isFromParser(_ error: any Error) -> Bool {
    let code = Reeve.exitCode(for: error)
    return code.isSuccess || code == .validationFailure
  }
}
