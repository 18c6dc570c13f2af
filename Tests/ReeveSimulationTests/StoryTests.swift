import Foundation
import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Stories: what was found once") struct StoryTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Stories")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".story") }.sorted()
  }()

  @Test func `there are some`() { #expect(Self.names.count >= 6) }

  @Test(arguments: names) func `is told as it was recorded`(_ name: String) throws {
    let file = Self.folder.appending(path: name)
    var story = StoryFile(try String(contentsOf: file, encoding: .utf8))
    let recorded = story
    switch story.core?.word(0) {
    case "rack": try tell(&story, to: RackCore(Self.prompt))
    case "master": try tell(&story, to: MasterCore())
    case "agent":
      let total = story.core?.cores ?? .zero
      try tell(&story, to: AgentCore(name: "n-1", address: "n-1:1", incarnation: 1, total: total, at: .ms(0)))
    default: Issue.record("\(name) does not say whose story it is")
    }
    if ProcessInfo.processInfo.environment["REEVE_RECORD"] == "1" {
      try story.text.write(to: file, atomically: true, encoding: .utf8)
    } else {
      for (turn, before) in zip(story.turns, recorded.turns) {
        #expect(turn.effects == before.effects, "\(name) at \(turn.milliseconds) ms")
      }
    }
  }

  /// Nothing gathers, so that each event shows at once what it leads to.
  private static let prompt = RackSettings(gatherInterval: .zero, acknowledgeWithin: .zero)

  private func tell(_ story: inout StoryFile, to core: some Narrated) throws {
    var core = core
    for i in story.turns.indices { story.turns[i].effects = try core.turn(story.turns[i]) }
  }
}
