import ReeveClient
import ReeveModel

extension JobSpec {
  /// A new job without tasks; they run `command` with arguments of their own behind.
  static func bench(_ command: [String]...) -> JobSpec {
    var job = JobSpec(id: .random(), name: "bench", user: "bench")
    job.templates = command.map { TaskTemplate(command: $0) }
    return job
  }

  /// So many tasks that do nothing.
  static func trues(_ count: Int) -> JobSpec {
    var job = bench(["/bin/true"])
    for i in 0..<count { job.append(name: "t-\(i)", template: 0, arguments: [], after: []) }
    return job
  }
}
