import ArgumentParser
import Glibc
import ReeveCore
import ReeveJobFile
import ReeveModel
import ReeveOutput
import ReeveSimulation

/// Which job logs are scheduled, on what and how.
struct TraceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Job logs in the Standard Workload Format, which may be gzipped; - reads standard input.",
      valueName: "log"
    ),
    completion: .file(extensions: ["swf", "gz"])
  )
  var logs: [String] = []

  @Option(help: "Of the machine that a log's jobs run on; if left out, as the log's header says.") var cores:
    Int?
  @Option(help: "One of: \(QueueOrder.words). The first job that does not fit keeps all others waiting.")
  var policy = QueueOrder.fcfs.word
  @Option(
    help: "What a priority is made of, and what users are due, as for `reeve policy set`.",
    completion: .file()
  )
  var criteria: String?
  @Flag(
    help:
      "Others pass the first that does not fit where that does not delay it (EASY), by the times their users gave."
  )
  var backfill = false
  @Flag(help: "Others pass the first that does not fit wherever they fit, as in a cluster.")
  var firstFit = false
  @Option(help: "What each node has, with --nodes; jobs take what their log says.", transform: Self.bytes)
  var memory: Int64?
  @Option(help: "Reads so many jobs of a log at most.") var maxJobs: Int?
  @Option(help: "Writes when each job starts, as comma-separated values.", completion: .file()) var starts:
    String?
  @OptionGroup var output: JSONOption

  private var isGiven: Bool {
    cores != nil || policy != QueueOrder.fcfs.word || criteria != nil || backfill || firstFit
      || maxJobs != nil || starts != nil
      || output.json
  }

  private static func bytes(_ text: String) throws -> Int64 { try Quantity.bytes(text, field: "") }

  /// - Parameters:
  ///   - isOfWorlds: whether something is said that only worlds have.
  ///   - nodes: what a log's cores are spread over.
  ///   - racks: and those.
  /// - Throws: what is wrong with the command line.
  func check(isOfWorlds: Bool, nodes: Int?, racks: Int?) throws {
    if logs.isEmpty, isGiven {
      throw ValidationError(
        "these options are for job logs. Name one: reeve simulate machine.swf.gz --policy fcfs"
      )
    }
    if !logs.isEmpty, isOfWorlds {
      throw ValidationError(
        "a job log has no seeds, and no jobs or events of such worlds. Leave one out."
      )
    }
    if !logs.isEmpty {
      guard nodes != nil || (memory == nil && racks == nil) else {
        throw ValidationError("--memory and --racks are of nodes. Say how many: --nodes 1024")
      }
      if let racks, let nodes, racks > nodes {
        throw ValidationError("--racks \(racks) is more than there are nodes: at most \(nodes).")
      }
    }
    if backfill, firstFit { throw ValidationError("--backfill and --first-fit: not both.") }
    for (name, value) in [("cores", cores), ("max-jobs", maxJobs)] {
      guard let value, value < 1 else { continue }
      throw ValidationError("--\(name) \(value) is too few: at least 1.")
    }
    if let cores, cores > Limits.cpuMillis / 1_000 {
      throw ValidationError("--cores \(cores) is too many: at most \(Limits.cpuMillis / 1_000).")
    }
    if starts != nil, logs.count > 1 {
      throw ValidationError("--starts takes the jobs of one log; here are \(logs.count).")
    }
  }

  func replay(nodes: Int?, racks: Int?) throws -> Int32 {
    for log in logs { try replay(log, nodes: nodes, racks: racks) }
    return ExitStatus.done
  }

  private func replay(_ log: String, nodes: Int?, racks: Int?) throws {
    let clock = ContinuousClock()
    let begin = clock.now
    var trace = try read(log)
    guard let cores = cores ?? trace.cores else {
      throw Refusal(
        .invalid,
        field: "cores",
        "the header of \(log.quoted) names no processors. Say how many: --cores 128"
      )
    }
    let rooms = try nodes.map { try self.rooms($0, cores: cores, racks: racks ?? 1) }
    trace.fit(cores: cores, nodes: rooms)
    guard !trace.jobs.isEmpty else {
      throw Refusal(.invalid, "\(log.quoted) has no job that could run on \(cores) cores.")
    }
    let replay = TraceReplay(
      trace,
      cores: cores,
      policy: try PolicySetting(word: policy, criteria: criteria, backfills: backfill),
      overtaking: overtaking,
      nodes: rooms
    )
    let starts = replay.starts()
    if let file = self.starts { try write(starts, of: trace, to: file) }
    let report = TraceReport(
      log: log,
      trace: trace,
      cores: cores,
      name: name,
      figures: TraceFigures(of: trace, starts: starts, cores: cores),
      took: (clock.now - begin) / .seconds(1)
    )
    output.report(report.fields, line: report.text)
  }

  private func rooms(_ nodes: Int, cores: Int, racks: Int) throws -> NodeRooms {
    guard cores.isMultiple(of: nodes) else {
      throw Refusal(
        .invalid,
        field: "nodes",
        "\(cores) cores cannot be spread evenly over \(nodes) nodes. Give a number of nodes that divides them."
      )
    }
    let node = Resources(cpuMillis: Int64(cores / nodes) * 1_000, memory: memory ?? 0)
    return NodeRooms(nodes, of: node, racks: racks)
  }

  private func read(_ log: String) throws -> JobTrace {
    let bytes = try readFile(log)
    do throws(Refusal) {
      return try JobTrace(swf: try unzipped(bytes), linesMax: maxJobs ?? .max)
    } catch {
      throw Refusal(error.code, field: error.field, "\(log.quoted), \(error.message)")
    }
  }

  private var overtaking: Overtaking { backfill ? .backfill : firstFit ? .always : .never }

  /// As the literature calls them.
  private var name: String {
    let isPlain = policy == QueueOrder.fcfs.word
    return backfill
      ? (isPlain ? "easy" : "\(policy)-easy") : firstFit ? (isPlain ? "ff" : "\(policy)-ff") : policy
  }

  private func write(_ starts: [TimeSpan], of trace: JobTrace, to file: String) throws {
    var text = "job,submit,start,run,procs,estimate\n"
    for (job, start) in zip(trace.jobs, starts) {
      let times = [job.submit, start, job.run, job.limit].map(\.wholeSeconds)
      text += "\(job.number),\(times[0]),\(times[1]),\(times[2]),\(job.cores),\(times[3])\n"
    }
    guard let stream = fopen(file, "we") else {
      throw UsageError("\(file.quoted) cannot be written: \(String(cString: strerror(errno)))")
    }
    let isWritten = fputs(text, stream) >= 0
    guard fclose(stream) == 0, isWritten else {
      throw UsageError("\(file.quoted) cannot be written: \(String(cString: strerror(errno)))")
    }
  }
}

extension TimeSpan {
  fileprivate var wholeSeconds: Int64 { Int64(seconds.rounded()) }
}

/// What became of a log, for people and for scripts.
private struct TraceReport {
  var log: String
  var trace: JobTrace
  var cores: Int
  var name: String
  var figures: TraceFigures
  var took: Double

  /// Under the names of the reference schedules that such figures are compared with.
  var fields: [Field] {
    let span = trace.lastSubmit - trace.firstSubmit
    let load = span > 0 ? Value.ratio(trace.work / (Double(cores) * span), places: 4) : .null
    return [
      Field("file", .text(log)), Field("kind", .text("trace")),
      Field("computer", .text(trace.computer ?? "?")),
      Field("lines", .integer(trace.lines)), Field("jobs", .integer(trace.jobs.count)),
      Field("dropped", .object(dropped.map { Field($0.rawValue, .integer(trace.dropped[$0] ?? 0)) })),
      Field("cores", .integer(cores)), Field("work_core_s", .seconds(trace.work)),
      Field("longest_job_s", .seconds(trace.jobs.map(\.run.seconds).max() ?? 0)),
      Field("widest_job", .integer(trace.jobs.map(\.cores).max() ?? 0)),
      Field("arrival_span_s", .seconds(span)),
      Field("offered_load", load), Field("with_estimates", .integer(trace.jobs.count { $0.limit != $0.run })),
      Field("estimates", .text("requested")),
      Field("lower_bound_s", .seconds(trace.lowerBound(cores: cores))),
      Field("policies", .object([Field(name, .object(policyFields))])),
    ]
  }

  private var dropped: [JobTrace.Omission] {
    JobTrace.Omission.allCases.filter { trace.dropped[$0] ?? 0 > 0 }
  }

  private var policyFields: [Field] {
    [
      Field("mean_wait_s", .seconds(figures.meanWait)), Field("median_wait_s", .seconds(figures.medianWait)),
      Field("p95_wait_s", .seconds(figures.p95Wait)), Field("max_wait_s", .seconds(figures.maxWait)),
      Field("mean_bounded_slowdown", .ratio(figures.meanBoundedSlowdown, places: 4)),
      Field("makespan_s", .seconds(figures.makespan)),
      Field("utilization", .ratio(figures.utilization, places: 6)),
    ]
  }

  var text: String {
    let values = Dictionary(uniqueKeysWithValues: policyFields.map { ($0.name, JSON.line($0.value)) })
    func value(_ name: String) -> String { values[name] ?? "" }
    let omitted = trace.lines - trace.jobs.count
    return """
      \(log): \(Amounts.count(trace.jobs.count, "job")) on \(Amounts.count(cores, "core")), \(name)\
      \(omitted > 0 ? "; \(Amounts.count(omitted)) left out" : "")
        wait      mean \(value("mean_wait_s")) s, median \(value("median_wait_s")) s, 95 % \(value("p95_wait_s")) s, \
      longest \(value("max_wait_s")) s
        slowdown  mean \(value("mean_bounded_slowdown")), bounded at 10 s
        makespan  \(value("makespan_s")) s (no less than \(JSON.line(.seconds(trace.lowerBound(cores: cores))))), \
      utilization \(value("utilization")), in \(Int(took * 1_000)) ms
      """
  }
}

extension Value {
  fileprivate static func seconds(_ seconds: Double) -> Value {
    .thousandths(Int64((seconds * 1_000).rounded()))
  }

  /// Cut to some of its six places.
  fileprivate static func ratio(_ ratio: Double, places: Int) -> Value {
    let unit = (places..<6).reduce(1.0) { unit, _ in unit * 10 }
    return .millionths(Int64((ratio * 1e6 / unit).rounded() * unit))
  }
}
