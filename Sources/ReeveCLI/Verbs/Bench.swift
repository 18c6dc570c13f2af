import ArgumentParser
import ReeveBench
import ReeveModel
import ReeveOutput
import ReeveShell

struct Bench: Verb {
  static let configuration = CommandConfiguration(
    abstract: "Measures clusters that it starts and ends itself.",
    discussion: """
      Prints a line `name value unit` a figure. Ratios are to what this machine does without any scheduler, measured \
      right before and after. Scenarios, all of them if none is named:

      \(scenarios.map { "  \($0.name)\n      \($0.summary)" }.joined(separator: "\n"))
      """
  )

  @Argument(help: "What to measure.") var scenario: [String] = []
  @Option(help: "Nodes of each cluster.") var nodes = 4
  @Option(help: "Racks, over which the nodes are spread.") var racks = 2
  @Option(help: "Cores that each node offers (default: as for `reeve up`).") var cpus: String?
  @Option(help: "How often what takes seconds is measured.") var repeats = 3
  @Flag(help: "Prints each figure as a JSON object on a line of its own.") var json = false

  func validate() throws {
    guard repeats >= 1 else { throw ValidationError("--repeats is at least 1.") }
  }

  @concurrent func perform() async throws -> Int32 {
    let wanted = try wanted()
    let setting = BenchSetting(
      executable: Executable.path,
      nodes: nodes,
      racks: racks,
      cpus: cpus,
      repeats: repeats
    )
    let running = Task { @concurrent in
      for scenario in wanted { try await scenario.run(setting) { tell($0) } }
    }
    // A scenario that is cancelled leaves no process and no file behind.
    let interruption = Task { @concurrent in
      await waitForTermination()
      running.cancel()
      return ExitStatus.interrupted
    }
    do {
      try await running.value
      return ExitStatus.done
    } catch {
      guard running.isCancelled else { throw error }
      return await interruption.value
    }
  }

  private func wanted() throws -> [any Scenario] {
    if scenario.isEmpty { return scenarios }
    var wanted: [any Scenario] = []
    for name in scenario {
      guard let known = scenarios.first(where: { $0.name == name }) else {
        let names = scenarios.map(\.name).joined(separator: ", ")
        throw UsageError("there is no scenario \(name.quoted). There are: \(names).")
      }
      wanted.append(known)
    }
    return wanted
  }

  private func tell(_ figure: Figure) {
    let fields = [
      Field("name", .text(figure.name)), Field("value", .thousandths(figure.thousandths)),
      Field("unit", .text(figure.unit)),
    ]
    let line = "\(figure.name) \(JSON.decimal(thousandths: figure.thousandths)) \(figure.unit)"
    StandardOutput.write((json ? JSON.line(.object(fields)) : line) + "\n")
    StandardOutput.flush()
  }
}
