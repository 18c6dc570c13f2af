import ReeveJobFile
import ReeveModel
import Testing

@Suite("Job files in YAML") struct YAMLJobFileTests {
  private static let json = #"""
    {"id": "nightly-2", "name": "nightly", "labels": {"run": 7, "team": "imaging"},
     "defaults": {"cpus": 1.50, "memory": "512MiB", "priority": 50, "env": {"MODE": "fast", "NO": "no"}},
     "tasks": [
      {"id": "fetch", "command": ["curl", "-sO", "http://x/é"], "time": "10m", "grace": 5},
      {"id": "tile", "command": "render.py --tile \"$I\" | tee log", "after": ["fetch"], "disk": 1e9},
      {"id": "010", "command": "set -e\nfor i in 1 2; do\n  echo \"$i: x\" # kept\ndone\n", "time": "1:30:00"},
      {"command": ["join.py", "1:30", "yes", 0.10], "after": ["tile", {"task": "fetch", "when": "succeeded"}],
       "env": {"MODE": "slow"}, "directory": "/data", "onNodeLoss": "wait", "cpus": "250m"}]}
    """#

  private static let yaml = #"""
    # The same job.
    id: nightly-2
    name: nightly
    labels: {team: imaging, run: 7}
    defaults:
      cpus: 1.50
      memory: 512MiB
      priority: 50
      env: {MODE: fast, NO: no}
    tasks:
      - {id: fetch, command: [curl, -sO, "http://x/é"], time: 10m, grace: 5}
      - id: tile
        command: render.py --tile "$I" | tee log
        after: [fetch]
        disk: 1e9
      - id: 010
        time: 1:30:00
        command: |
          set -e
          for i in 1 2; do
            echo "$i: x" # kept
          done
      - command:
        - join.py
        - 1:30
        - yes
        - 0.10
        after:
        - tile
        - task: fetch
          when: succeeded
        env:
          MODE: slow
        directory: /data
        onNodeLoss: wait
        cpus: 250m
    """#

  private func read(_ text: String) throws -> JobSpec {
    try readJobFile(Array(text.utf8), id: nil, user: "ann")
  }

  @Test func `is the same job as in JSON, key by key`() throws {
    let job = try read(Self.yaml)
    #expect(job == (try read(Self.json)))
    #expect(
      job.taskNames.strings == ["fetch", "tile", "010", "3"] && job.templates[2].timeLimit == .seconds(5_400)
    )
  }

  @Test func `JSON behind a comment is YAML and the same job too`() throws {
    #expect(try read("# a comment\n" + Self.json) == read(Self.json))
  }

  @Test(
    arguments: [
      ("memory: 512", "tasks[0].memory", "line 2, column 11: 512B is out of range."),
      ("memory: .inf", "tasks[0].memory", "line 2, column 11: \".inf\" is no size."),
      ("cpus: .nan", "tasks[0].cpus", "line 2, column 9: \".nan\" is no number of cores."),
      ("cpus: 0x10", "tasks[0].cpus", "line 2, column 9: \"0x10\" is no number of cores."),
      ("cpus: yes", "tasks[0].cpus", "line 2, column 9: \"yes\" is no number of cores."),
      ("cpus: true", "tasks[0].cpus", "line 2, column 9: true is wrong here."),
      ("cpus:", "tasks[0].cpus", "line 2, column 3: null is wrong here."),
      ("priority: 010", "tasks[0].priority", "line 2, column 13: \"010\" is wrong here."),
      ("time: 1:30", "tasks[0].time", "line 2, column 9: \"1:30\" could mean hours or minutes."),
      ("time: -5", "tasks[0].time", "line 2, column 9: -5 is negative."),
      ("env: {A: true}", "tasks[0].env.A", "line 2, column 12: true is wrong here."),
      ("env: [A]", "tasks[0].env", "line 2, column 8: a list is wrong here."),
      ("memroy: 1", "tasks[0].memroy", "line 2, column 3: \"memroy\" is no key of a task."),
      ("after: [fetch]", "tasks[0].after", "line 2, column 11: \"fetch\" is no task of this job."),
      ("directory: x", "tasks[0].directory", "line 2, column 14: \"x\" is no absolute path."),
    ] as [(String, String, String)]
  )
  func `what is wrong in it is refused with its place`(field: String, path: String, message: String) throws {
    let refusal = try #require(throws: Refusal.self) { try read("tasks: [{command: x,\n  \(field)\n}]") }
    #expect(refusal.field == path && refusal.message.hasPrefix(message), "\(refusal)")
  }

  @Test func `ten thousand damaged files are read or refused with a place, and none crashes`() throws {
    var dice = MutationTests.Dice(state: 4_711)
    var refused = 0
    for _ in 0..<10_000 {
      var bytes = Array(Self.yaml.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &dice) {
        MutationTests.damage(&bytes, "&*!|>%@`#?-: \n\t'\"{}[],<", &dice)
      }
      do throws(Refusal) {
        let job = try readJobFile(bytes, id: nil, user: "ann")
        #expect(throws: Never.self) { try job.validateContents() }
      } catch {
        refused += 1
        #expect(error.message.hasPrefix("line "), "\(error)")
      }
    }
    #expect(refused > 2_000 && refused < 10_000)
  }

  @Test func `a file cut off anywhere is read or refused with a place`() throws {
    let bytes = Array(Self.yaml.utf8)
    for end in 0..<bytes.count {
      do throws(Refusal) {
        _ = try readJobFile(Array(bytes[..<end]), id: nil, user: "ann")
      } catch { #expect(error.message.hasPrefix("line "), "\(error)") }
    }
  }

  /// Some 0.6 s of cpu time for these 8 MB; the bar leaves room for tests that run beside it.
  @Test func `a hundred thousand tasks are read in seconds`() throws {
    var text = "defaults: {cpus: 1, memory: 512MiB}\ntasks:\n"
    for i in 0..<100_000 {
      text +=
        "  - id: task-\(i)\n    command: [render.py, --tile, \(i)]\n    after: [\(i == 0 ? "" : "task-\(i - 1)")]\n"
    }
    let bytes = Array(text.utf8)
    var count = 0
    let time = try ContinuousClock().measure { count = try readJobFile(bytes, id: nil, user: "ann").count }
    #expect(count == 100_000)
    #if !DEBUG
      #expect(time < .seconds(10))
    #endif
  }
}
