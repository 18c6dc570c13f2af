import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Two levels: nobody starves") struct StarvationTests {
  /// Tasks of one to ten seconds, so that slots become free one by one.
  private let staggered = (0..<37).map { TimeSpan.milliseconds(1_000 + $0 * 9_000 / 36) }

  @Test func `large tasks are served in a bounded time beside many small ones that take everything`() {
    var cluster = LivingCluster(racks: 2, nodes: 4, .cores(16))
    for i in 0..<4 { cluster.join("small\(i)", wants: 1_000_000, of: .cores(1), for: staggered) }
    cluster.run(for: .seconds(20))
    let start = cluster.time
    cluster.join("large", wants: 4, of: .cores(16), for: [.seconds(30)])
    cluster.run(for: .seconds(300)) { $0.frameworks[4].wanted == 0 }
    // Each waits a second, and then for what runs on its node.
    #expect(cluster.frameworks[4].wanted == 0)
    #expect(cluster.time - start < 120_000_000)
    // Most of the rest was at work all the time.
    #expect((0..<4).reduce(0) { $0 + cluster.used("small\($1)").cpuMillis } >= 64_000)
  }

  @Test func `a role gets its guarantee from those that have more than their share, and gives it back`() {
    var cluster = LivingCluster(racks: 2, nodes: 4, .cores(16))
    let half = Resources(cpuMillis: 64_000, memory: .max, disk: .max)
    cluster.order(.role(RoleChange(name: "gold", guarantee: .amounts(half))))
    cluster.join("long", wants: 1_000_000, of: .cores(1), for: [.seconds(100_000)])
    cluster.run(for: .seconds(10))
    #expect(cluster.used("long") == .cores(128))
    cluster.join("gold", "gold", wants: 200, of: .cores(4), for: [.seconds(5_000)])
    cluster.run(for: .seconds(60))
    #expect(cluster.used("gold").cpuMillis >= 60_000)
    #expect(cluster.used("long").cpuMillis >= 60_000)
    // Nobody is ended for what goes beyond it.
    let preempted = cluster.master.durable.setbacks.count
    #expect(preempted <= 72)
    cluster.run(for: .seconds(300))
    #expect(cluster.master.durable.setbacks.count == preempted)
  }

  @Test
  func `with backfilling the head of the queue starts when it was planned, and short tasks run meanwhile`() {
    var cluster = LivingCluster(racks: 1, nodes: 2, .cores(8))
    cluster.order(.policy(PolicySetting(.fcfs, backfills: true)))
    var running = JobSpec.of(14, id: "running")
    running.templates[0].timeLimit = .seconds(100)
    cluster.submit(running, for: [.seconds(100)])
    cluster.submit(.of(1, id: "head", cores: 8), for: [.seconds(10)])
    var short = JobSpec.of(20, id: "short")
    short.templates[0].timeLimit = .seconds(20)
    cluster.submit(short, for: [.seconds(20)])
    let start = cluster.time
    cluster.run(for: .seconds(400)) { $0.state("head") == .running }
    #expect(cluster.time - start <= 101_000_000)
    #expect(cluster.ended("short") >= 8)
  }
}

extension LivingCluster {
  func state(_ job: JobID) -> TaskState? {
    master.durable.jobs[job].map { master.durable.jobs[$0].states[0] }
  }

  func ended(_ job: JobID) -> Int {
    master.durable.jobs[job].map { master.durable.jobs[$0].counts[.succeeded] } ?? 0
  }
}
