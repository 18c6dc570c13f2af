import ReeveModel
import ReeveOutput
import Testing

@Suite("Rows") struct RowTests {
  private static let second = WallTime(microseconds: 1_000_000)

  private var task: TaskView {
    var task = TaskView(number: TaskNumber(1), name: "tile", job: JobID("j"), state: .failed)
    task.reason = .signal
    task.status = -9
    task.node = "node-1"
    task.attempts = 2
    task.resources = Resources(cpuMillis: 500, memory: 64 << 20, disk: 0)
    task.submitted = Self.second
    task.started = Self.second
    task.ended = WallTime(microseconds: 3_500_000)
    return task
  }

  @Test func `a task has the documented fields in their order`() {
    let names =
      "id job name index state phase reason node rack attempts exitCode signal priority cpus memory disk "
      + "submitted started ended cpuSeconds memoryPeak readBytes writeBytes labels inputs outputs constraints"
    #expect(TaskRow(task).fields.map(\.name).joined(separator: " ") == names)
    #expect(
      JSON.line(.object(TaskRow(task, labels: [TaskTemplate.Variable(name: "team", value: "x")]).fields))
        == #"{"id":"j/tile","job":"j","name":"tile","index":null,"state":"failed","phase":"failed","#
        + #""reason":"signal","node":"node-1","rack":null,"attempts":2,"exitCode":null,"signal":9,"#
        + #""priority":0,"cpus":0.5,"memory":67108864,"disk":0,"submitted":"1970-01-01T00:00:01.000Z","#
        + #""started":"1970-01-01T00:00:01.000Z","ended":"1970-01-01T00:00:03.500Z","cpuSeconds":0,"#
        + #""memoryPeak":0,"readBytes":0,"writeBytes":0,"labels":{"team":"x"},"inputs":[],"outputs":[],"constraints":[]}"#
    )
  }

  @Test(arguments: TaskState.allCases)
  func `the phase is the model's word`(state: TaskState) {
    let row = TaskRow(TaskView(number: TaskNumber(1), name: "t", job: JobID("j"), state: state))
    #expect(row.fields.contains(Field("phase", .text(state.phase))))
  }

  @Test func `a job has the documented fields in their order`() {
    let names =
      "id name user labels state submitted ended tasks pending running completed failed cancelled "
      + "blocked queued assigned open reason exitCode signal"
    #expect(JobRow(JobProgress(id: JobID("j"))).fields.map(\.name).joined(separator: " ") == names)
  }

  @Test func `a list says the same in every format`() {
    var text: [Format: String] = [:]
    for format in Format.allCases {
      var listing = Listing<TaskRow>(format, colours: false, now: Self.second)
      var bytes: [UInt8] = []
      for _ in 0..<2 { listing.page([TaskRow(task)], into: &bytes) }
      listing.end(into: &bytes)
      text[format] = String(decoding: bytes, as: UTF8.self)
    }
    #expect(text[.name] == "j/tile\nj/tile\n")
    #expect(text[.jsonl]?.split(separator: "\n").count == 2)
    #expect(text[.json]?.hasPrefix("[\n  {\n    \"id\": \"j/tile\"") == true)
    #expect(text[.json]?.hasSuffix("\n  }\n]\n") == true)
    #expect(
      text[.table] == """
        TASK    STATE   NODE        EXIT  TIME  CPU  MEMORY  WHY
        j/tile  failed  node-1  signal 9  2.5s    -       -  signal
        j/tile  failed  node-1  signal 9  2.5s    -       -  signal

        """
    )
  }

  @Test func `a list in JSON is the same to the byte`() {
    var task = task
    task.name = "a\"\\\u{1b}ü"
    task.inputs = ["x y", "z"]
    var listing = Listing<TaskRow>(.json, colours: false, now: Self.second)
    let labels = [TaskTemplate.Variable(name: "team", value: "x")]
    var bytes: [UInt8] = []
    listing.page([TaskRow(task, labels: labels)], into: &bytes)
    listing.page([], into: &bytes)
    listing.end(into: &bytes)
    #expect(
      String(decoding: bytes, as: UTF8.self) == #"""
        [
          {
            "id": "j/a\"\\\u001bü",
            "job": "j",
            "name": "a\"\\\u001bü",
            "index": null,
            "state": "failed",
            "phase": "failed",
            "reason": "signal",
            "node": "node-1",
            "rack": null,
            "attempts": 2,
            "exitCode": null,
            "signal": 9,
            "priority": 0,
            "cpus": 0.5,
            "memory": 67108864,
            "disk": 0,
            "submitted": "1970-01-01T00:00:01.000Z",
            "started": "1970-01-01T00:00:01.000Z",
            "ended": "1970-01-01T00:00:03.500Z",
            "cpuSeconds": 0,
            "memoryPeak": 0,
            "readBytes": 0,
            "writeBytes": 0,
            "labels": {
              "team": "x"
            },
            "inputs": ["x y","z"],
            "outputs": [],
            "constraints": []
          }
        ]

        """#
    )
  }

  @Test func `an empty list is still one`() {
    var json = Listing<JobRow>(.json, colours: false, now: Self.second)
    var bytes: [UInt8] = []
    json.page([], into: &bytes)
    json.end(into: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "[]\n")
    bytes = []
    var table = Listing<NodeRow>(.table, colours: false, now: Self.second)
    table.page([], into: &bytes)
    table.end(into: &bytes)
    #expect(bytes.starts(with: "NODE  RACK  STATE".utf8))
  }
}

@Suite("Progress") struct ProgressTests {
  @Test func `rate and time left count from the first look`() {
    var progress = Progress(at: Instant(microseconds: 0))
    progress.note(job(completed: 100, running: 10, queued: 390))
    progress.start()
    progress.note(job(completed: 300, running: 10, queued: 190))
    let now = Instant(microseconds: 2_000_000)
    #expect(
      progress.plainLine(at: now) == "300/500  100/s, 2s left  10 running, 190 pending, 300 completed"
    )
    #expect(progress.line(at: now, width: 60).hasPrefix("[######----] 300/500"))
    #expect(progress.line(at: now, width: 30).count <= 29)
  }

  private func job(completed: Int, running: Int, queued: Int) -> JobProgress {
    var counts = TaskCounts()
    counts[.succeeded] = completed
    counts[.running] = running
    counts[.queued] = queued
    return JobProgress(id: JobID("j"), counts: counts)
  }
}
