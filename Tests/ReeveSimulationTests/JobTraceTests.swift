import ReeveCore
import ReeveModel
import ReeveSimulation
import ReeveTestSupport
import Testing

@Suite("Job logs") struct JobTraceTests {
  private static func line(_ columns: [Int: String] = [:]) -> String {
    let plain = [
      "1", "0", "-1", "10", "2", "-1", "-1", "4", "60", "-1", "1", "7", "1", "1", "-1", "-1", "-1", "-1",
    ]
    return plain.enumerated().map { columns[$0 + 1] ?? $1 }.joined(separator: " ") + "\n"
  }

  private static func read(_ text: String, linesMax: Int = .max) throws -> JobTrace {
    try JobTrace(swf: Array(text.utf8), linesMax: linesMax)
  }

  @Test func `a line is a job`() throws {
    let trace = try Self.read(
      "; Computer: Some SP2\n;  MaxNodes: 64\n; MaxProcs: 128 (of 130)\n\n" + Self.line()
    )
    #expect(trace.computer == "Some SP2" && trace.cores == 128 && trace.lines == 1)
    #expect(
      trace.jobs == [
        JobTrace.Job(
          number: 1,
          submit: .zero,
          run: .seconds(10),
          cores: 4,
          limit: .seconds(60),
          user: UserNumber(7)
        )
      ]
    )
  }

  @Test func `what is not said is filled in, and what cannot have run is left out`() throws {
    let text =
      Self.line([8: "-1", 9: "-1"]) + Self.line([4: "0"]) + Self.line([9: "3"]) + Self.line([4: "-1"])
      + Self.line([5: "-1", 8: "0"]) + Self.line([4: "0", 11: "5"]) + Self.line([8: "1000"])
    var trace = try Self.read(text)
    trace.fit(cores: 128)
    #expect(trace.jobs.map(\.cores) == [2, 4, 4])
    #expect(trace.jobs.map(\.run) == [.seconds(10), .seconds(1), .seconds(10)])
    #expect(trace.jobs.map(\.limit) == [.seconds(10), .seconds(60), .seconds(10)])
    #expect(
      trace.dropped == [.noRunTime: 1, .noCores: 1, .neverStarted: 1, .tooLarge: 1] && trace.lines == 7
    )
    #expect(try Self.read(text, linesMax: 2).jobs.count == 2)
  }

  @Test(arguments: [
    ("1 2 3\n", "", "line 1: a job has 18 columns", "here are 3"),
    (line() + line([4: "ten"]), "run time", "line 2, column 4: \"ten\" is no number", "-1"),
    (line([2: "nan"]), "submit time", "line 1, column 2: \"nan\"", "-1"),
    (line([9: "1e30"]), "requested time", "line 1, column 9: \"1e30\"", "billion"),
  ])
  func `what is no log is refused with the line and the column`(
    text: String,
    field: String,
    place: String,
    right: String
  ) {
    do {
      _ = try Self.read(text)
      Issue.record("\(text) was read")
    } catch {
      let refusal = error as? Refusal
      #expect(refusal?.code == .syntax && refusal?.field == field)
      #expect(refusal?.message.contains(place) == true && refusal?.message.contains(right) == true)
    }
  }

  /// Two nodes of four cores each: by their sum all would fit.
  @Test func `on nodes a job's parts have their places, and memory counts where there is some`() throws {
    func starts(_ nodes: NodeRooms?, _ jobs: (cores: Int, memory: Int64)...) -> [TimeSpan] {
      var trace = JobTrace()
      for (i, job) in jobs.enumerated() {
        trace.jobs.append(
          JobTrace.Job(
            number: i,
            submit: .zero,
            run: .seconds(10),
            cores: job.cores,
            memoryPerCore: job.memory
          )
        )
      }
      let replay = TraceReplay(trace, cores: 8, policy: PolicySetting(), overtaking: .never, nodes: nodes)
      return replay.starts()
    }
    let (pool, late) = (TimeSpan.zero, TimeSpan.seconds(10))
    let nodes = NodeRooms(2, of: .cores(4), racks: 2)
    #expect(starts(nil, (3, 0), (3, 0), (2, 0)) == [pool, pool, pool])
    #expect(starts(nodes, (3, 0), (3, 0), (2, 0)) == [pool, pool, late])
    #expect(starts(nodes, (8, 0), (1, 0)) == [pool, late])
    #expect(starts(nodes, (6, 0), (2, 0)) == [pool, pool])
    // Of two GiB each only three go onto a node.
    let small = NodeRooms(2, of: .cores(4, memory: 6), racks: 1)
    #expect(starts(small, (4, 2 << 30), (2, 2 << 30), (1, 0)) == [pool, pool, pool])
    #expect(starts(small, (3, 2 << 30), (3, 2 << 30), (1, 1 << 30)) == [pool, pool, late])
    var trace = JobTrace()
    trace.jobs = [JobTrace.Job(number: 1, submit: .zero, run: .seconds(1), cores: 8, memoryPerCore: 2 << 30)]
    trace.fit(cores: 8, nodes: small)
    #expect(trace.jobs.isEmpty && trace.dropped == [.tooLarge: 1])
  }
}
