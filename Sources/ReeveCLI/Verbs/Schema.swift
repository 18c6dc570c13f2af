import ArgumentParser
import ReeveJobFile

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema of job files.",
    discussion: """
      For editors, which then complete and explain the keys, and for programs that write job files. Draft 2020-12; what \
      it cannot say `reeve submit --dry-run` checks.
      """
  )

  func run() { StandardOutput.write(jobFileSchema()) }
}
