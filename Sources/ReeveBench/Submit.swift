import Glibc
import ReeveClient
import ReeveModel

/// Many different tasks in one submission, until the cluster has taken them on: none of them starts.
struct SubmitScenario: Scenario {
  let name = "submit"
  let summary = "100,000 different tasks, until they are durable, by the API and from a file: seconds"
  private static let tasks = 100_000

  @concurrent func run(_ setting: BenchSetting, report: @Sendable (Figure) -> Void) async throws {
    try await BenchCluster.with(setting) { cluster in
      _ = try await cluster.run(.trues(8))
      var times: [Double] = []
      for _ in 0..<setting.repeats {
        let job = Self.job
        let start = ContinuousClock.now
        _ = try await cluster.client.submit(job)
        times.append((ContinuousClock.now - start).seconds)
        try await cancel(job.id, cluster)
      }
      tell(times, "submit.api", report)
      times = []
      let file = "\(cluster.directory)/job.json"
      try write(Self.text, to: file)
      for _ in 0..<setting.repeats {
        let id = JobID.random()
        times.append(try cluster.command(["submit", "-q", "--id", id.text, "-f", file]).seconds)
        try await cancel(id, cluster)
      }
      tell(times, "submit.file", report)
    }
  }

  private func tell(_ times: [Double], _ name: String, _ report: @Sendable (Figure) -> Void) {
    let samples = Samples(times)
    report(Figure(name, samples.median, "s"))
    report(Figure("\(name)_min", samples.least, "s"))
  }

  private func cancel(_ id: JobID, _ cluster: BenchCluster) async throws {
    _ = try await cluster.client.order(.cancel, [TaskSelector(job: id)])
    _ = try await cluster.client.watch([id])
  }

  /// All wait for the first, which does not end by itself.
  private static var job: JobSpec {
    var job = JobSpec.bench(["/bin/sleep", "1000"], ["/bin/true"])
    job.append(name: "hold", template: 0, arguments: [], after: [])
    for i in 0..<tasks { job.append(name: "t-\(i)", template: 1, arguments: ["\(i)"], after: [0]) }
    return job
  }

  /// The same as a job file.
  private static var text: String {
    var text = "{\"name\": \"bench\", \"tasks\": [\n"
    text += "  {\"id\": \"hold\", \"command\": [\"/bin/sleep\", \"1000\"]}"
    for i in 0..<tasks {
      text += ",\n  {\"id\": \"t-\(i)\", \"command\": [\"/bin/true\", \"\(i)\"], \"after\": [\"hold\"]}"
    }
    return text + "\n]}\n"
  }

  private func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "we") else { throw unwritable(path) }
    let count = fwrite(text, 1, text.utf8.count, file)
    guard fclose(file) == 0, count == text.utf8.count else { throw unwritable(path) }
  }

  private func unwritable(_ path: String) -> Refusal {
    Refusal(.unavailable, "\"\(path)\" cannot be written: \(String(cString: strerror(errno)))")
  }
}
