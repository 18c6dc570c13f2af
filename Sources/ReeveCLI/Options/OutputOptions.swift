import ArgumentParser
import ReeveOutput

extension Format: ExpressibleByArgument {}

/// How a list is printed.
struct ListOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "One of: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "format"
    )
  )
  var output: Format?

  @Flag(help: "The same as -o json.")
  var json = false

  var format: Format { json ? .json : output ?? .table }
}

/// Whether scripts read what is printed.
struct JSONOption: ParsableArguments {
  @Flag(help: "Prints one JSON object; errors too are objects, on standard error.")
  var json = false
}

extension JSONOption {
  /// Prints a result: an object for scripts, else a line.
  func report(_ fields: [Field], line: String) {
    StandardOutput.write((json ? JSON.line(.object(fields)) : line) + "\n")
    StandardOutput.flush()
  }
}
