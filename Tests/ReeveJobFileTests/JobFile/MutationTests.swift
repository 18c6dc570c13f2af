import ReeveJobFile
import ReeveModel
import Testing

@Suite("Job files: damaged ones") struct MutationTests {
  private static let file = Array(
    #"""
    {"id": "n-2", "name": "né", "labels": {"t": "i"}, "defaults": {"cpus": 1.5, "memory": "512MiB", "env": {"M": "f"}},
     "tasks": [{"id": "a", "command": ["curl", "-s\u00e9\ud83d\ude00"], "time": "1h30m", "grace": 5, "priority": -3},
      {"id": "b", "command": "x | y", "after": ["a", {"task": "a", "when": "succeeded"}], "disk": 1e9},
      {"command": ["j"], "after": ["b"], "env": {"M": "s"}, "directory": "/d", "cpus": "250m", "time": "0:01:00"}]}
    """#.utf8
  )

  private static let signs = "{}[]\",:\\"

  /// Numbers by a rule (SplitMix64), so that a failure comes again.
  struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
      return z ^ z >> 31
    }
  }

  /// One byte changed, one put in, some taken out, or some copied to another place.
  static func damage(_ bytes: inout [UInt8], _ signs: String, _ dice: inout Dice) {
    let telling = Array((signs + "0-e.\u{0}\u{7f}unt ").utf8) + [0x80, 0xc3, 0xff]
    let at = Int.random(in: 0..<bytes.count, using: &dice)
    let end = min(bytes.count, at + Int.random(in: 1...12, using: &dice))
    switch Int.random(in: 0..<5, using: &dice) {
    case 0: bytes[at] = UInt8.random(in: 0...255, using: &dice)
    case 1: bytes[at] = telling.randomElement(using: &dice) ?? 0
    case 2: bytes.insert(telling.randomElement(using: &dice) ?? 0, at: at)
    case 3 where bytes.count > 20: bytes.removeSubrange(at..<end)
    default: bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &dice))
    }
  }

  @Test func `ten thousand damaged files are read or refused with a place, and none crashes`() throws {
    var dice = Dice(state: 81_423)
    var refused = 0
    for _ in 0..<10_000 {
      var bytes = Self.file
      for _ in 0..<Int.random(in: 1...4, using: &dice) { Self.damage(&bytes, Self.signs, &dice) }
      do throws(Refusal) {
        let job = try readJobFile(bytes, id: nil, user: "ann")
        #expect(throws: Never.self) { try job.validateContents() }
      } catch {
        refused += 1
        #expect(error.message.hasPrefix("line "), "\(error)")
      }
    }
    #expect(refused > 5_000 && refused < 10_000)
  }

  @Test func `a file cut off anywhere is refused with a place`() throws {
    for end in 0..<Self.file.count {
      let refusal = try #require(throws: Refusal.self) {
        try readJobFile(Array(Self.file[..<end]), id: nil, user: "ann")
      }
      #expect(refusal.code == .syntax && refusal.message.hasPrefix("line "))
    }
  }

  @Test func `damaged workflows never crash either`() throws {
    let workflow = Array(
      #"""
      {"name": "w", "schemaVersion": "1.5", "workflow": {"specification": {"tasks": [{"id": "a", "name": "A", "children":
       ["b"], "parents": [], "outputFiles": ["f"]}, {"id": "b", "name": "B", "parents": ["a"], "inputFiles": ["f"]}],
       "files": [{"id": "f", "sizeInBytes": 12}]}, "execution": {"tasks": [{"id": "a", "runtimeInSeconds": 1.5,
       "coreCount": 2, "memoryInBytes": 9e6}, {"id": "b", "runtimeInSeconds": 0}]}}}
      """#.utf8
    )
    var dice = Dice(state: 7)
    for _ in 0..<2_000 {
      var bytes = workflow
      for _ in 0..<Int.random(in: 1...3, using: &dice) { Self.damage(&bytes, Self.signs, &dice) }
      guard let read = try? readWorkflow(bytes) else { continue }
      _ = try? jobSpec(from: read, options: WorkflowOptions(timeScale: 1, dataScale: 1, burner: ["reeve"]))
    }
  }
}
