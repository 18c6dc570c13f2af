import ReeveModel
import ReeveSimulation
import Testing

@Suite("Sharing: a framework that sits on what it is offered") struct HoardedClusterTests {
  @Test(
    arguments: [
      RunTimes.always(.seconds(2)), .exponential(mean: .seconds(5)), .uniform(.seconds(1) ... .seconds(20)),
    ]
  ) func `others use 95 % of the cluster all the same`(times: RunTimes) {
    var cluster = HoardedCluster(workers: 3, taskTimes: times)
    cluster.run(for: .seconds(120))
    let utilization = cluster.utilization(after: .seconds(20))
    #expect(utilization >= 0.95, "\(utilization)")
    #expect(cluster.hoarded >= 10)
  }
}
