import Foundation
import ReeveCore
import ReeveMaster
import ReeveModel
import ReeveReplication
import ReeveTestSupport
import Testing

/// What is in a file's place while the disk does not give it.
private struct Unreadable {
  let path: String
  var aside: String { path + ".whole" }

  func putBack() throws {
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: aside, toPath: path)
  }
}

/// A data directory for one master, removed with the value.
private final class TemporaryData {
  let path = FileManager.default.temporaryDirectory.path + "/reeve-master-" + UUID().uuidString
  private(set) var warnings: [String] = []
  /// Facts that are in the journal.
  var written = 0

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func open() throws -> MasterFiles { try MasterFiles(data: path) { warnings.append($0) } }

  /// What a master that starts now would know.
  func state() throws -> DurableState {
    let files = try open()
    var core = MasterCore(restoring: files.takeState())
    try files.replay { _, facts, _, _ in for fact in facts { core.replay(fact) } }
    return core.durable
  }

  func snapshots() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/master/snapshots").sorted()
  }

  func segments() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/master/journal")
      .filter { $0.hasSuffix(".segment") }.sorted()
  }

  /// Puts in the place of a snapshot's file what can be opened and not read.
  func makeUnreadable(_ snapshot: String, _ name: String) throws -> Unreadable {
    let file = Unreadable(path: "\(path)/master/snapshots/\(snapshot)/\(name)")
    try FileManager.default.moveItem(atPath: file.path, toPath: file.aside)
    try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: path)
    return file
  }

  /// Changes one byte in the middle of a file of a snapshot.
  func harm(_ snapshot: String, _ name: String) throws {
    let url = URL(filePath: "\(path)/master/snapshots/\(snapshot)/\(name)")
    var bytes = try Data(contentsOf: url)
    bytes[bytes.count / 2] ^= 0x10
    try bytes.write(to: url)
  }
}

@Suite("Master: snapshots stand in for the journal") struct MasterFilesTests {
  private let data = TemporaryData()

  /// Lives on, and writes what happened a turn each.
  private func write(_ history: inout RandomHistory, steps: Int = 40) throws {
    history.live(steps)
    let files = try data.open()
    for (i, fact) in history.facts.enumerated().dropFirst(data.written) {
      _ = try files.append([fact], at: WallTime(microseconds: Int64(i)))
    }
    data.written = history.facts.count
  }

  private func compact() throws { try data.open().compact { Issue.record("\($0)") } }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `the state is the same after every start, whatever was compacted before`(seed: UInt64) throws {
    var history = RandomHistory(seed: seed)
    for round in 0..<6 {
      try write(&history)
      #expect(try data.state() == history.story.core.durable)
      if round % 3 != 2 { try compact() }
      #expect(try data.state() == history.story.core.durable)
    }
    #expect(try data.snapshots().count == 2)
    #expect(data.warnings.isEmpty)
  }

  @Test func `a damaged part falls back to the older, and nothing is lost`() throws {
    var history = RandomHistory(seed: 1)
    for _ in 0..<3 {
      try write(&history)
      try compact()
    }
    try write(&history)
    let newest = try #require(try data.snapshots().last)
    try data.harm(newest, "part-0")
    #expect(try data.state() == history.story.core.durable)
    #expect(data.warnings.contains { $0.contains("is passed over") && $0.contains("part-0") })
    // Set aside it no longer counts: the next makes two that are good.
    #expect(try data.snapshots().contains(newest + ".damaged"))
    try compact()
    let kept = try data.snapshots().filter { !$0.hasSuffix(".damaged") }
    #expect(kept.count == 2 && kept.last != newest)
    #expect(try data.state() == history.story.core.durable)
  }

  @Test(arguments: ["part-0", "manifest"])
  func `one that the disk does not give falls back to the older, and counts again when it does`(
    name: String
  ) throws {
    var history = RandomHistory(seed: 3)
    for _ in 0..<3 {
      try write(&history)
      try compact()
    }
    try write(&history)
    let before = try data.snapshots()
    let whole = try data.makeUnreadable(before[1], name)
    #expect(try data.state() == history.story.core.durable)
    #expect(data.warnings.contains { $0.contains("is passed over for now") && $0.contains(name) })
    #expect(try data.snapshots() == before)
    try whole.putBack()
    let warned = data.warnings.count
    #expect(try data.state() == history.story.core.durable)
    #expect(data.warnings.count == warned)
  }

  @Test func `beside one that the disk does not give, the older stays until there are two that are good`()
    throws
  {
    var history = RandomHistory(seed: 4)
    for _ in 0..<2 {
      try write(&history)
      try compact()
    }
    let before = try data.snapshots()
    _ = try data.makeUnreadable(before[1], "part-0")
    try write(&history)
    try data.open().compact { _ in }
    #expect(try data.snapshots().count == 3 && data.snapshots().starts(with: before))
    #expect(try data.state() == history.story.core.durable)
    try write(&history)
    try data.open().compact { _ in }
    #expect(try data.snapshots().count == 2)
    #expect(try data.state() == history.story.core.durable)
  }

  @Test func `a turn with several large jobs is kept in several groups, in their order`() throws {
    var state = DurableState()
    var facts = [Fact.termBegan(Term(1))]
    state.apply(facts[0])
    for number in 0..<7 {
      let job = submitted(incompressibleJob(number), to: state)
      state.apply(.jobSubmitted(job))
      facts += [.jobSubmitted(job), .held([TaskRun(first: job.firstTask, count: 1)])]
      state.apply(.held([TaskRun(first: job.firstTask, count: 1)]))
    }
    do {
      let files = try data.open()
      #expect(try files.append(facts, at: .none) > 7 * 2_900_000)
      #expect(files.position == 2)
      var found: [Fact] = []
      try files.replay { _, facts, _, _ in found += facts }
      #expect(found == facts)
    }
    #expect(try data.state() == state)
  }

  @Test func `of two first starts at once only one makes the cluster's id`() throws {
    let place = data.path + "/master"
    let other = try FileJournal(
      directory: place,
      warn: { _ in },
      expecting: { JournalExpectation(cluster: 7) }
    )
    let error = #expect(throws: JournalError.self) { try data.open() }
    #expect(error?.code == .locked)
    #expect(!FileManager.default.fileExists(atPath: place + "/cluster"))
    withExtendedLifetime(other) {}
  }

  @Test func `a cluster's id that cannot be read is not replaced`() throws {
    _ = try data.open()
    let path = data.path + "/master/cluster"
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(throws: (any Error).self) { try data.open() }
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
  }

  @Test func `a torn manifest is passed over`() throws {
    var history = RandomHistory(seed: 2)
    for _ in 0..<3 {
      try write(&history)
      try compact()
    }
    try data.harm(try #require(try data.snapshots().last), "manifest")
    #expect(try data.state() == history.story.core.durable)
    #expect(data.warnings.contains { $0.contains("manifest is damaged") })
  }

  @Test func `with no good snapshot and a trimmed journal the start is refused in words`() throws {
    let expected = try writeMuch()
    for snapshot in try data.snapshots() { try data.harm(snapshot, "part-0") }
    let before = try data.snapshots()
    let error = #expect(throws: (any Error).self) { try data.open() }
    #expect("\(error.map { "\($0)" } ?? "")".contains("no snapshot that can be used has the positions 1 to"))
    // Nothing has been changed: what is put right can be used.
    #expect(try data.snapshots() == before)
    for snapshot in before { try data.harm(snapshot, "part-0") }
    #expect(try data.state() == expected)
  }

  @Test func `the journal is trimmed behind the older of two, and that is enough for it`() throws {
    let expected = try writeMuch()
    #expect(try data.segments().first != "00000000000000000001.segment")
    #expect(try data.state() == expected)
    try data.harm(try #require(try data.snapshots().last), "part-0")
    #expect(try data.state() == expected)
  }

  /// Segments enough that some can go, and two snapshots: the first segment has 4 MiB.
  /// - Returns: what it all comes to.
  private func writeMuch() throws -> DurableState {
    var state = DurableState()
    state.apply(.termBegan(Term(1)))
    _ = try data.open().append([.termBegan(Term(1))], at: .none)
    for round in 0..<3 {
      let files = try data.open()
      for i in 0..<3 {
        let job = submitted(incompressibleJob(round * 3 + i), to: state)
        state.apply(.jobSubmitted(job))
        _ = try files.append([.jobSubmitted(job)], at: .none)
      }
      if round < 2 { try files.compact { Issue.record("\($0)") } }
    }
    return state
  }

  private func submitted(_ spec: JobSpec, to state: DurableState) -> SubmittedJob {
    SubmittedJob(
      number: state.jobs.next,
      firstTask: state.jobs.nextTask,
      firstTemplate: state.nextTemplate,
      submitted: .none,
      spec: spec
    )
  }

  private func incompressibleJob(_ number: Int) -> JobSpec {
    var dice = SeededRandom(UInt64(number))
    var spec = JobSpec.of(1, id: "large-\(number)")
    let letters = (0..<3_000_000).map { _ in UInt8.random(in: 33...126, using: &dice) }
    spec.templates[0].command.append(String(decoding: letters, as: UTF8.self))
    return spec
  }
}
