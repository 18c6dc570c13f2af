import Foundation
import Testing

extension ClusterTests {
  /// The manual and the README say nothing that was not tried.
  @Suite("The manual", .timeLimit(.minutes(5))) struct ManualTests {
    private static let pages = [
      "ExitCodes", "Files", "Frameworks", "Orders", "Policies", "Start", "StatesAndReasons", "Submit",
    ]

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    private static let catalog = root.appending(path: "Sources/ReeveCLI/Documentation.docc")

    @Test(arguments: pages)
    func `every example of a page does what stands there`(page: String) async throws {
      try await run(Self.catalog.appending(path: "\(page).md"))
    }

    @Test func `every example of the README does what stands there`() async throws {
      try await run(Self.root.appending(path: "README.md"))
    }

    @Test func `no page is left out`() throws {
      let found = try FileManager.default.contentsOfDirectory(atPath: Self.catalog.path)
      #expect(found.sorted() == Self.pages.map { "\($0).md" })
    }

    private func run(_ file: URL) async throws {
      let page = try Manual(String(contentsOf: file, encoding: .utf8))
      try await TemporaryCluster.run(nodes: 4, racks: 2) { cluster in
        let ended = try await cluster.shell(page.script)
        let outputs = page.outputs(in: ended.stdout)
        for (command, printed) in zip(page.commands, outputs) {
          #expect(
            command.expects(printed),
            "\(file.lastPathComponent):\(command.line): \(command.text)\n\(printed.joined(separator: "\n"))"
          )
        }
        #expect(outputs.count == page.commands.count, "the shell ended early: \(ended.stdout.suffix(1_000))")
      }
    }
  }

  @Suite("How examples are read") struct ManualNotationTests {
    private func command(_ expected: String...) -> Manual.Command {
      Manual.Command(line: 1, text: "true", expected: expected)
    }

    @Test func `a command, its text and its output are told apart`() throws {
      let page =
        "Words.\n\n```sh\n$ cat <<'END'\n$ no command\nEND\n$ no command\n$ true\n```\n\n    $ no block\n"
      let commands = try Manual(page).commands
      #expect(commands.map(\.text) == ["cat <<'END'\n$ no command\nEND", "no command", "true"])
      #expect(commands.map(\.line) == [4, 7, 8])
      #expect(throws: TestFailure.self) { try Manual("```sh\nno command\n```\n") }
      #expect(throws: TestFailure.self) { try Manual("```sh\n$ cat <<'END'\n```\n") }
      #expect(throws: TestFailure.self) { try Manual("no block\n") }
    }

    @Test func `dots stand for anything, and blanks for blanks`() {
      #expect(command("a  b", "c").expects(["a b", " c "]))
      #expect(!command("ab").expects(["a b"]))
      #expect(command("job …: … tasks").expects(["job x: 3 tasks"]))
      #expect(!command("job … tasks").expects(["job x: 3 task"]))
      #expect(command("…", "b", "…").expects(["b"]) && command("…", "b").expects(["a", "a", "b"]))
      #expect(!command("…", "b").expects(["b", "a"]))
      #expect(command().expects([]) && !command().expects([""]))
    }
  }
}
