import Foundation
import ReeveJobFile
import ReeveModel
import Testing

/// Where the recorded workflows are, if they are on this machine.
private let recorded: URL? = {
  let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let named = ProcessInfo.processInfo.environment["REEVE_SHARED_DATA"].map { URL(filePath: $0) }
  let data = named ?? package.deletingLastPathComponent().appending(path: "shared/data")
  let workflows = data.appending(path: "workflows")
  return FileManager.default.fileExists(atPath: workflows.path) ? workflows : nil
}()

/// One recorded run, and what its collection says of it.
struct RecordedWorkflow: Sendable, CustomTestStringConvertible {
  var file: String
  var tasks: Int
  var edges: Int
  /// Cpu-seconds of all tasks, and those of the longest chain.
  var work: Double
  var criticalPath: Double
  var withMemory: Int
  var testDescription: String { file }

  static let all = [
    Self(
      file: "1000genome-chameleon-10ch-100k-001.json",
      tasks: 260,
      edges: 380,
      work: 16032.386,
      criticalPath: 293.604,
      withMemory: 0
    ),
    Self(
      file: "bacass-dirt02-001.json",
      tasks: 11,
      edges: 14,
      work: 3961.870,
      criticalPath: 2150.000,
      withMemory: 11
    ),
    Self(
      file: "blast-chameleon-small-001.json",
      tasks: 43,
      edges: 120,
      work: 382.913,
      criticalPath: 10.413,
      withMemory: 43
    ),
    Self(
      file: "bwa-chameleon-large-001.json.gz",
      tasks: 1004,
      edges: 4000,
      work: 13276.748,
      criticalPath: 1655.531,
      withMemory: 1004
    ),
    Self(
      file: "cycles-chameleon-1l-1c-12p-001.json",
      tasks: 219,
      edges: 325,
      work: 4875.971,
      criticalPath: 250.112,
      withMemory: 0
    ),
    Self(
      file: "epigenomics-chameleon-hep-1seq-100k-001.json",
      tasks: 41,
      edges: 48,
      work: 539.307,
      criticalPath: 104.822,
      withMemory: 0
    ),
    Self(
      file: "epigenomics-chameleon-ilmn-6seq-50k-001.json.gz",
      tasks: 1695,
      edges: 2108,
      work: 26059.999,
      criticalPath: 1084.123,
      withMemory: 0
    ),
    Self(
      file: "helloworld-forkjoin-10-chameleon.json",
      tasks: 10,
      edges: 16,
      work: 1028.704,
      criticalPath: 307.360,
      withMemory: 10
    ),
    Self(
      file: "montage-chameleon-2mass-005d-001.wf14.json",
      tasks: 58,
      edges: 114,
      work: 221.726,
      criticalPath: 21.385,
      withMemory: 58
    ),
    Self(
      file: "montage-chameleon-2mass-01d-001.json",
      tasks: 103,
      edges: 231,
      work: 362.633,
      criticalPath: 21.122,
      withMemory: 103
    ),
    Self(
      file: "montage-chameleon-dss-15d-001.json.gz",
      tasks: 2122,
      edges: 6114,
      work: 78087.502,
      criticalPath: 989.458,
      withMemory: 0
    ),
    Self(
      file: "rnaseq-dirt02-001.json",
      tasks: 197,
      edges: 451,
      work: 2580.360,
      criticalPath: 759.454,
      withMemory: 193
    ),
    Self(
      file: "seismology-chameleon-700p-001.json",
      tasks: 701,
      edges: 700,
      work: 361.640,
      criticalPath: 5.016,
      withMemory: 0
    ),
    Self(
      file: "soykb-chameleon-10fastq-10ch-001.json",
      tasks: 96,
      edges: 194,
      work: 11814.517,
      criticalPath: 2933.276,
      withMemory: 0
    ),
    Self(
      file: "srasearch-chameleon-10a-001.json",
      tasks: 22,
      edges: 30,
      work: 6996.779,
      criticalPath: 1005.858,
      withMemory: 22
    ),
  ]
}

@Suite("Recorded workflows", .enabled(if: recorded != nil, "the recorded workflows are not on this machine"))
struct RecordedWorkflowTests {
  private func bytes(_ file: String) throws -> [UInt8] {
    let folder = try #require(recorded)
    return Array(try Data(contentsOf: folder.appending(path: file)))
  }

  @Test(arguments: RecordedWorkflow.all)
  func `each has the tasks, edges, work and critical path that its collection says`(run: RecordedWorkflow)
    throws
  {
    let workflow = try readWorkflow(bytes(run.file))
    #expect(workflow.tasks.count == run.tasks && workflow.edgeCount == run.edges)
    #expect(abs(workflow.tasks.reduce(0) { $0 + $1.runtime } - run.work) < 0.001)
    #expect(abs(criticalPath(of: workflow) - run.criticalPath) < 0.001)
    #expect(workflow.tasks.count { $0.memory ?? 0 > 0 } == run.withMemory)
    // Every edge carries a file in these fifteen, so that both ways to tell it agree.
    for task in workflow.tasks {
      for parent in task.parents {
        let made = Set(workflow.tasks[parent].outputs.map(\.id))
        #expect(task.inputs.contains { made.contains($0.id) }, "\(workflow.tasks[parent].id) → \(task.id)")
      }
    }
  }

  @Test(arguments: RecordedWorkflow.all)
  func `each becomes a job that passes every rule`(run: RecordedWorkflow) throws {
    let workflow = try readWorkflow(bytes(run.file))
    let options = WorkflowOptions(timeScale: 0.01, dataScale: 0.5, burner: ["reeve", "workflow", "task"])
    let job = try jobSpec(from: workflow, options: options)
    try job.validateContents()
    #expect(job.count == run.tasks && job.dependencies.count == run.edges)
    #expect(job.templates.count <= 2)
    #expect(job.taskNames.strings == workflow.tasks.map(\.id))
  }

  /// The longest chain of run times; parents before children, by Kahn's algorithm.
  private func criticalPath(of workflow: Workflow) -> Double {
    var waits = workflow.tasks.map(\.parents.count)
    var children = [[Int]](repeating: [], count: waits.count)
    for (i, task) in workflow.tasks.enumerated() {
      for parent in task.parents { children[parent].append(i) }
    }
    var ready = waits.indices.filter { waits[$0] == 0 }
    var ends = [Double](repeating: 0, count: waits.count)
    while let i = ready.popLast() {
      ends[i] += workflow.tasks[i].runtime
      for child in children[i] {
        ends[child] = max(ends[child], ends[i])
        waits[child] -= 1
        if waits[child] == 0 { ready.append(child) }
      }
    }
    return ends.max() ?? 0
  }
}
