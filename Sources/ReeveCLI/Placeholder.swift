import ArgumentParser
import ReeveMaster

@main struct Reeve: AsyncParsableCommand {
  func run() async throws {}
}
