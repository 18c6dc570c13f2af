import ReeveJobFile
import ReeveModel
import Testing

@Suite("Job files: what is read") struct JobFileTests {
  private func read(_ text: String, id: JobID? = nil) throws -> JobSpec {
    try readJobFile(Array(text.utf8), id: id, user: "ann")
  }

  private func template(_ fields: String) throws -> TaskTemplate {
    let job = try read(#"{"tasks": [{"command": ["x"], \#(fields)}]}"#)
    return job.templates[0]
  }

  @Test func `a whole job is read, key by key`() throws {
    let job = try read(
      """
      {
        "id": "nightly-2", "name": "nightly", "labels": {"team": "imaging", "run": 7},
        "defaults": {"cpus": 1, "memory": "512MiB", "priority": 50, "env": {"MODE": "fast", "A": "1"}},
        "tasks": [
          {"id": "fetch", "command": ["curl", "-sO", "http://x"], "time": "10m"},
          {"id": "tile", "command": "render.py --tile 3", "after": ["fetch"], "memory": "2GiB", "disk": "1GiB"},
          {"command": ["join.py"], "after": ["tile", {"task": "fetch", "when": "succeeded"}],
           "env": {"MODE": "slow", "Z": 1.50}, "directory": "/data", "grace": 0.5, "onNodeLoss": "wait", "cpus": "250m"}
        ]
      }
      """
    )
    #expect(job.id == JobID("nightly-2") && job.name == "nightly" && job.user == "ann")
    #expect(job.labels == [.init(name: "run", value: "7"), .init(name: "team", value: "imaging")])
    #expect(job.taskNames.strings == ["fetch", "tile", "2"])
    #expect(job.command(0) == ["curl", "-sO", "http://x"])
    #expect(job.command(1) == ["/bin/sh", "-c", "render.py --tile 3"])
    #expect(job.dependencyEnds == [0, 1, 3] && job.dependencies == [0, 1, 0])
    let shared: [TaskTemplate.Variable] = [.init(name: "A", value: "1"), .init(name: "MODE", value: "fast")]
    #expect(
      job.templates == [
        TaskTemplate(
          command: ["curl"],
          environment: shared,
          resources: Resources(cpuMillis: 1_000, memory: 512 << 20),
          timeLimit: .seconds(600),
          priority: 50
        ),
        TaskTemplate(
          command: ["/bin/sh"],
          environment: shared,
          resources: Resources(cpuMillis: 1_000, memory: 2 << 30, disk: 1 << 30),
          priority: 50
        ),
        TaskTemplate(
          command: ["join.py"],
          environment: [
            .init(name: "A", value: "1"), .init(name: "MODE", value: "slow"), .init(name: "Z", value: "1.50"),
          ],
          resources: Resources(cpuMillis: 250, memory: 512 << 20),
          grace: .milliseconds(500),
          priority: 50,
          onNodeLoss: .wait,
          directory: "/data"
        ),
      ]
    )
  }

  @Test func `only the command is needed`() throws {
    let job = try read(#"{"tasks": [{"command": ["true"]}, {"command": ["true"]}]}"#)
    #expect(job.id == JobID("") && job.taskNames.strings == ["0", "1"])
    #expect(job.templates == [TaskTemplate(command: ["true"])])
  }

  @Test func `tasks that differ in arguments only share a template, in whatever order they come`() throws {
    let job = try read(
      """
      {"tasks": [{"command": ["a", "1"]}, {"command": ["b"]}, {"command": ["a", "2"]}, {"command": ["a"], "cpus": 2},
                 {"command": "a"}, {"command": "b"}, {"command": ["a"], "cpus": 1.0}]}
      """
    )
    #expect(job.taskTemplates == [0, 1, 0, 2, 3, 3, 0])
    #expect(job.command(2) == ["a", "2"] && job.command(6) == ["a"])
  }

  @Test func `the defaults hold wherever they stand`() throws {
    let job = try read(#"{"tasks": [{"command": ["x"]}], "defaults": {"cpus": 3}}"#)
    #expect(job.templates[0].resources.cpuMillis == 3_000)
  }

  @Test func `constraints on the same attribute replace those of the defaults, and others are added`() throws
  {
    let job = try read(
      """
      {"defaults": {"constraints": ["zone=b,a", "gpu!=none"]},
       "tasks": [{"command": ["x"]}, {"command": ["x"], "constraints": ["zone!=c", "rack=r1"]}]}
      """
    )
    #expect(
      job.templates.map { $0.constraints.map(\.text) } == [
        ["gpu!=none", "zone=a,b"], ["gpu!=none", "rack=r1", "zone!=c"],
      ]
    )
  }

  @Test func `the caller's id goes before the one in the file`() throws {
    let text = #"{"id": "theirs", "tasks": [{"command": ["x"]}]}"#
    #expect(try read(text).id == JobID("theirs"))
    #expect(try read(text, id: JobID("mine")).id == JobID("mine"))
  }

  @Test func `numbers without quotes count bytes, seconds and cores`() throws {
    #expect(try template(#""memory": 1048576"#).resources.memory == 1 << 20)
    #expect(try template(#""memory": 0"#).resources.memory == 0)
    #expect(try template(#""disk": 1e9"#).resources.disk == 1_000_000_000)
    #expect(try template(#""time": 1.5"#).timeLimit == .milliseconds(1_500))
    #expect(try template(#""cpus": 0.1"#).resources.cpuMillis == 100)
    #expect(try template(#""priority": -5.0"#).priority == -5)
  }

  @Test func `a number stands for a string where one is wanted`() throws {
    let job = try read(
      #"{"tasks": [{"id": 7, "command": ["sleep", 1.50]}, {"command": ["x"], "after": [7]}]}"#
    )
    #expect(job.taskNames.strings == ["7", "1"] && job.dependencies == [0])
    #expect(job.command(0) == ["sleep", "1.50"])
  }

  @Test func `a dependency may come before what it names`() throws {
    let job = try read(
      #"{"tasks": [{"id": "b", "after": ["a", "a"], "command": ["x"]}, {"id": "\u0061", "command": ["x"]}]}"#
    )
    #expect(job.dependencies == [1, 1] && job.dependencyEnds == [2, 2])
  }

  @Test func `text in any script and with escapes arrives as it is meant`() throws {
    let job = try read(#"{"tasks": [{"id": "größe", "command": ["echo", "a\n\"\u20ac\ud83d\ude00", ""]}]}"#)
    #expect(job.command(0) == ["echo", "a\n\"€😀", ""] && job.taskNames[0] == "größe")
  }
}
