import Foundation
import ReeveModel
import ReeveReplication
import Testing

@Suite("History: how tasks ended") final class FileHistoryTests {
  private let directory = NSTemporaryDirectory() + "reeve-history-\(UUID())"

  init() throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: directory) }

  private func end(_ task: UInt64, _ reason: FailureReason = .none) -> TaskEnd {
    var end = TaskEnd(
      attempt: AttemptID(task + 100),
      task: TaskNumber(task),
      node: NodeNumber(1),
      reason: reason,
      status: reason == .none ? 0 : 7,
      started: WallTime(microseconds: 5),
      ended: WallTime(microseconds: 9),
      usage: TaskEnd.Usage(cpu: .microseconds(1), memoryPeak: 2, readBytes: 3, writeBytes: 4)
    )
    end.earlier = 2
    if reason != .none {
      end.detail = TaskEnd.Detail(message: "why \(task)", stdoutTail: [1, 2], stderrTail: [])
    }
    return end
  }

  private func view(_ task: UInt64, details: Bool = true) -> TaskView {
    var view = TaskView(number: TaskNumber(task), name: "t", job: JobID("j"), state: .succeeded)
    if details { view.details = TaskView.Details(command: [], environment: [], after: [], end: nil) }
    return view
  }

  private static let roster: [Fact] = [
    .rackGranted(RackGrant(rack: RackNumber(1), name: "r", incarnation: 1, generation: .none)),
    .nodePlaced(RosterNode(number: NodeNumber(1), name: "n"), RackNumber(1)),
  ]

  private func check(_ history: FileHistory, _ task: UInt64, _ reason: FailureReason = .none) throws {
    var filled = view(task)
    try history.fill(&filled)
    #expect(!filled.needsOutcome && filled.reason == reason && filled.attempt == AttemptID(task + 100))
    #expect(filled.attempts == 3 && filled.node == "n" && filled.rack == "r")
    #expect(filled.started == WallTime(microseconds: 5) && filled.ended == WallTime(microseconds: 9))
    #expect(
      filled.usage.writeBytes == 4 && filled.details?.end?.message == (reason == .none ? nil : "why \(task)")
    )
  }

  @Test func `what ended is found again, also by the next master`() throws {
    let ends = [end(1), end(2, .exitCode), end(3), end(900_000, .signal), end(7)]
    do {
      let history = try FileHistory(directory: directory)
      history.note(Self.roster + [.ended(ends)])
      for end in ends { try check(history, end.task.rawValue, end.reason) }
      try history.sync()
    }
    let next = try FileHistory(directory: directory)
    next.note(Self.roster)
    for end in ends { try check(next, end.task.rawValue, end.reason) }
  }

  @Test func `a later end takes the place of an earlier one, as after a new round`() throws {
    let history = try FileHistory(directory: directory)
    history.note(Self.roster + [.ended([end(1, .exitCode)]), .ended([end(1)])])
    try check(history, 1)
  }

  private func detailBytes() throws -> UInt64 {
    try FileHandle(forReadingAtPath: directory + "/history/details")?.seekToEnd() ?? 0
  }

  @Test func `what is replayed takes no more room, a first round and the next neither`() throws {
    var second = end(2, .signal)
    second.attempt = AttemptID(900)
    let facts: [Fact] =
      Self.roster + [.ended([end(1, .exitCode), end(2, .exitCode), end(3)]), .ended([second])]
    do {
      let history = try FileHistory(directory: directory)
      history.note(facts)
      try history.sync()
    }
    let bytes = try detailBytes()
    for _ in 0..<3 {
      let history = try FileHistory(directory: directory)
      history.note(facts, isReplay: true)
      try history.sync()
      try check(history, 1, .exitCode)
      try check(history, 3)
      var filled = view(2)
      try history.fill(&filled)
      #expect(filled.attempt == AttemptID(900) && filled.details?.end?.message == "why 2")
    }
    #expect(try detailBytes() == bytes)
  }

  @Test func `what a crash took is written again by the replay`() throws {
    let facts: [Fact] = Self.roster + [.ended([end(1, .exitCode), end(2, .exitCode)])]
    do { try FileHistory(directory: directory).note(facts) }
    let details = try #require(FileHandle(forUpdatingAtPath: directory + "/history/details"))
    try details.truncate(atOffset: try detailBytes() - 4)
    let ends = try #require(FileHandle(forUpdatingAtPath: directory + "/history/ends"))
    try ends.write(contentsOf: [UInt8](repeating: 0, count: 96))
    let history = try FileHistory(directory: directory)
    history.note(facts, isReplay: true)
    for task in [1, 2] as [UInt64] { try check(history, task, .exitCode) }
  }

  @Test func `of what nobody wrote, or was damaged, nothing is said`() throws {
    let history = try FileHistory(directory: directory)
    history.note(Self.roster + [.ended([end(1), end(2), end(3, .exitCode)])])
    let file = try #require(FileHandle(forUpdatingAtPath: directory + "/history/ends"))
    try file.seek(toOffset: 50)
    try file.write(contentsOf: [0xff])
    for (task, isKnown) in [(1, false), (2, true), (3, true), (4, false), (1_000_000, false)]
      as [(UInt64, Bool)]
    {
      var filled = view(task)
      try history.fill(&filled)
      #expect(filled.needsOutcome != isKnown)
    }
    try Data([0]).write(to: URL(fileURLWithPath: directory + "/history/details"))
    var filled = view(3)
    try history.fill(&filled)
    #expect(filled.reason == .exitCode && filled.details?.end == nil)
  }

  @Test func `a page is filled in whatever its order, across gaps, and past what is not known`() throws {
    let history = try FileHistory(directory: directory)
    let known = Array(1...2_500) + [2_510, 2_600, 9_000] as [UInt64]
    history.note(Self.roster + [.ended(known.map { end($0, $0 % 7 == 0 ? .exitCode : .none) })])
    let asked = Array(1...2_520) + [2_599, 2_600, 2_601, 9_000, 9_001, 3, 70, 69, 70] as [UInt64]
    var views = asked.map { view($0, details: $0 % 2 == 0) }
    views[4].state = .running
    try history.fill(&views)
    for (i, task) in asked.enumerated() where i != 4 {
      let isKnown = known.contains(task)
      #expect(views[i].needsOutcome != isKnown)
      #expect(views[i].attempt == (isKnown ? AttemptID(task + 100) : .none))
      #expect(views[i].reason == (isKnown && task % 7 == 0 ? .exitCode : .none))
      #expect(views[i].details?.end?.message == (isKnown && task % 14 == 0 ? "why \(task)" : nil))
    }
    #expect(views[4].attempt == .none)
  }
}

extension FileHistory {
  fileprivate func fill(_ view: inout TaskView) throws {
    var views = [view]
    try fill(&views)
    view = views[0]
  }
}
