import ReeveModel
import Testing

@Suite("Learnt run times") struct LearntRunTimesTests {
  @Test func `the first end is believed, and the mean follows what comes`() {
    var learnt = LearntRunTimes()
    let kind = TaskKind(hash: 1)
    #expect(learnt[kind] == nil)
    learnt.learn(.seconds(100), of: kind)
    #expect(learnt[kind] == .seconds(100))
    // In steps: a mean that is not far from it leaves what is expected as it is.
    learnt.learn(.seconds(110), of: kind)
    #expect(learnt[kind] == .seconds(100))
    for _ in 0..<100 { learnt.learn(.seconds(10), of: kind) }
    #expect((learnt[kind] ?? .zero) >= .seconds(10) && (learnt[kind] ?? .zero) <= .seconds(13))
  }

  @Test func `what was not seen for long is forgotten, what is seen stays`() {
    var learnt = LearntRunTimes()
    for hash in 1...20_000 as ClosedRange<UInt64> {
      learnt.learn(.seconds(1), of: TaskKind(hash: hash))
      learnt.learn(.seconds(7), of: TaskKind(hash: 0))
    }
    #expect(learnt[TaskKind(hash: 0)] == .seconds(7) && learnt[TaskKind(hash: 20_000)] == .seconds(1))
    #expect(learnt[TaskKind(hash: 1)] == nil)
    #expect(learnt.recent.count + learnt.older.count <= 8_192)
  }

  @Test func `a kind is a job's name, its user, what runs and on what`() {
    func kind(
      _ name: String,
      id: String = "j",
      user: String = "u",
      command: [String] = ["a", "b"],
      cpus: Int64 = 1
    )
      -> TaskKind
    {
      let template = TaskTemplate(command: command, resources: Resources(cpuMillis: cpus))
      return TaskKind(of: template, in: JobSpec(id: JobID(id), name: name, user: user))
    }
    #expect(kind("n") == kind("n", id: "k"))
    let others = [
      kind("n"), kind("m"), kind("n", user: "v"), kind("n", command: ["ab"]), kind("n", command: ["a", "c"]),
      kind("n", cpus: 2), kind("", id: "j"), kind("", id: "k"),
    ]
    #expect(Set(others).count == others.count)
  }
}
