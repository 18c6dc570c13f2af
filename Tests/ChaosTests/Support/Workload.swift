import Foundation
import ReeveModel
import ReeveTestSupport

/// What goes on while faults come: jobs of short tasks, the same under the same seed.
struct Workload {
  /// What a task does; the script knows it by this word.
  enum Kind: String, CaseIterable {
    /// Sleeps and exits 0.
    case plain
    /// Exits with 3.
    case fails
    /// Answers TERM by exiting 0 in good order.
    case polite
    /// Has a time limit that it does not keep.
    case overlong
  }

  struct Job {
    var spec: JobSpec
    /// In milliseconds after its submission; of all its tasks, or of one.
    var cancel: (after: Int, task: String?)?
    /// It is submitted once more after so many milliseconds, and is to be known then.
    var again: Int?
    /// Its first task's output is read after so many milliseconds.
    var read: Int?
    /// Another job is submitted under its id then, and is to be refused.
    var isImpersonated = false
  }

  static let failingCode: Int32 = 3

  /// The script's path; every task runs it.
  let script: String
  let seed: UInt64

  /// Each line is one write to a file that is only appended to: the order of lines is the order in which things happened,
  /// and no clock is asked.
  static func scriptText(history: String) -> String {
    """
    say() { echo "$1 $REEVE_JOB_ID $REEVE_TASK_ID $REEVE_ATTEMPT $REEVE_NODE $2" >> \(history); }
    say start
    code=0
    case $1 in
    polite) trap 'say polite; exit 0' TERM; sleep $2 & wait $! ;;
    overlong) sleep 60 ;;
    fails) sleep $2; code=\(failingCode) ;;
    *) sleep $2 ;;
    esac
    echo out $REEVE_TASK_ID
    say end $code
    exit $code

    """
  }

  func job(_ number: Int) -> Job {
    var random = SeededRandom(seed &* 1_000_003 &+ UInt64(number))
    var spec = JobSpec(id: JobID("chaos-\(number)"))
    spec.templates = Kind.allCases.map { template($0) }
    let count = Int.random(in: 1...18, using: &random)
    let isChain = random.one(in: 5)
    for i in 0..<count {
      let kind = Self.kind(&random)
      let after = Self.dependencies(of: i, isChain: isChain, &random)
      let milliseconds =
        random.one(in: 8)
        ? Int.random(in: 500...2_000, using: &random)
        : Int.random(in: 5...300, using: &random)
      spec.append(
        name: "t\(i)",
        template: Kind.allCases.firstIndex(of: kind) ?? 0,
        arguments: [String(format: "%.3f", Double(milliseconds) / 1_000)],
        after: after
      )
    }
    var job = Job(spec: spec)
    if random.one(in: 5) {
      let task = random.one(in: 2) ? "t\(Int.random(in: 0..<count, using: &random))" : nil
      job.cancel = (Int.random(in: 0...1_500, using: &random), task)
    }
    if random.one(in: 4) { job.again = Int.random(in: 0...3_000, using: &random) }
    if random.one(in: 3) { job.read = Int.random(in: 0...3_000, using: &random) }
    job.isImpersonated = random.one(in: 10)
    return job
  }

  private func template(_ kind: Kind) -> TaskTemplate {
    TaskTemplate(
      command: ["/bin/sh", script, kind.rawValue],
      resources: Resources(cpuMillis: kind == .plain ? 500 : 1_000, memory: 1 << 20),
      timeLimit: kind == .overlong ? .seconds(1) : nil,
      grace: .seconds(1)
    )
  }

  private static func kind(_ random: inout SeededRandom) -> Kind {
    switch Int.random(in: 0..<60, using: &random) {
    case 0: .overlong
    case 1: .fails
    case 2..<8: .polite
    default: .plain
    }
  }

  /// Ascending, without repeats.
  private static func dependencies(of i: Int, isChain: Bool, _ random: inout SeededRandom) -> [UInt32] {
    guard i > 0 else { return [] }
    if isChain { return [UInt32(i - 1)] }
    guard random.one(in: 2) else { return [] }
    let count = Int.random(in: 1...3, using: &random)
    return Set((0..<count).map { _ in UInt32(Int.random(in: max(0, i - 6)..<i, using: &random)) }).sorted()
  }
}
