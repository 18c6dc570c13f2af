import ReeveModel
import ReeveTestSupport
import Testing

@Suite("States of many tasks") struct TaskStatesTests {
  @Test(arguments: [1, 2, 3, 8, 101])
  func `they are what a plain list of them would be`(count: Int) {
    for seed in 1...20 as ClosedRange<UInt64> {
      var dice = SeededRandom(seed)
      var states = TaskStates(.queued, count: count)
      var plain = Array(repeating: (state: TaskState.queued, isHeld: false), count: count)
      for _ in 0..<60 {
        let start = Int.random(in: 0..<count, using: &dice)
        let end = Int.random(in: start + 1...count, using: &dice)
        let state = TaskState.allCases[Int.random(in: 0..<7, using: &dice)]
        switch Int.random(in: 0..<4, using: &dice) {
        case 0:
          states[start] = state
          plain[start].state = state
        case 1:
          let isHeld = Bool.random(using: &dice)
          states.setHeld(isHeld, at: start..<end)
          for i in start..<end { plain[i].isHeld = isHeld }
        case 2: states.compact()
        default: #expect(TaskStates(bytes: states.bytes, count: count) == states)
        }
        #expect(
          (0..<count).allSatisfy { states[$0] == plain[$0].state && states.isHeld($0) == plain[$0].isHeld }
        )
        let run = states.run(in: start..<count)
        #expect(run.state == plain[start].state && run.isHeld == plain[start].isHeld)
        #expect(run.places.allSatisfy { plain[$0] == plain[start] })
        #expect(run.places.upperBound == count || plain[run.places.upperBound] != plain[start])
      }
    }
  }

  @Test func `they take a byte where all are alike, and half of one each elsewhere`() {
    var states = TaskStates(.queued, count: 1_000_000)
    #expect(states.bytes.count == 1)
    states[7] = .assigned
    #expect(states.bytes.count == 500_000)
    states[7] = .queued
    states.compact()
    #expect(states.bytes.count == 1 && states == TaskStates(.queued, count: 1_000_000))
  }

  @Test func `bytes that are none are not taken`() {
    #expect(TaskStates(bytes: [16], count: 9) == nil)
    #expect(TaskStates(bytes: [], count: 4) == nil)
    #expect(TaskStates(bytes: [0, 0], count: 9) == nil)
  }
}

@Suite("Placeholders") struct PlaceholdersTests {
  private let all = Placeholders(
    job: JobID("j"),
    task: "t.3",
    attempt: AttemptID(term: Term(1), number: 2),
    index: 3,
    value: "%{job}"
  )

  @Test(arguments: [
    ("plain", "plain"), ("%{index}", "3"), ("a-%{index}.png", "a-3.png"), ("%{job}/%{task}", "j/t.3"),
    ("%{attempt}", "1.2"), ("%{value}", "%{job}"), ("%{value}%{index}", "%{job}3"), ("%d %s %%", "%d %s %%"),
    ("%{http_code}", "%{http_code}"), ("%{index", "%{index"), ("%", "%"), ("100%", "100%"), ("", ""),
    ("%%{index}", "%3"), ("ä%{index}ö", "ä3ö"),
  ])
  func `what is known is put in, and nothing else is touched`(_ word: String, _ expected: String) {
    #expect(all.expand(word) == expected)
  }

  @Test func `a task on its own has neither index nor value`() {
    let single = Placeholders(job: JobID("j"), task: "t", attempt: .none, index: nil, value: nil)
    #expect(single.expand("%{index} %{value} %{task}") == "%{index} %{value} t")
  }
}

@Suite("Retries and warnings") struct RetryRuleTests {
  @Test func `waits double up to five minutes`() {
    let rule = RetryRule(limit: 100, delay: .seconds(1))
    #expect((0...4).map { rule.wait(after: $0).seconds } == [1, 2, 4, 8, 16])
    #expect(rule.wait(after: 20).seconds == 300 && rule.wait(after: .max).seconds == 300)
    #expect(RetryRule(limit: 1, delay: .seconds(3_600)).wait(after: 9).seconds == 3_600)
    #expect(RetryRule(limit: 1, delay: .zero).wait(after: 9) == .zero)
  }

  @Test func `what was ordered, or never ran, is not tried again`() {
    let rule = RetryRule(limit: 1)
    for reason in [FailureReason.cancelled, .dependencyFailed, .jobStopped, .none] {
      #expect(!rule.allows(reason, status: 0, after: 0))
    }
    #expect(rule.allows(.exitCode, status: 1, after: 0) && !rule.allows(.exitCode, status: 1, after: 1))
  }

  @Test(
    arguments: [("USR1@60s", 10), ("SIGUSR2@1m", 12), ("usr1@5s", 10), ("15@10s", 15)] as [(String, Int32)]
  )
  func `a warning is a signal and a time`(_ text: String, _ signal: Int32) throws {
    #expect(try TimeWarning.parse(text, field: "warning").signal == signal)
  }

  @Test(arguments: ["", "USR1", "@60s", "KILL@5s", "9@5s", "USR1@", "USR1@x", "USR1@-5s"])
  func `anything else is refused`(_ text: String) {
    #expect { try TimeWarning.parse(text, field: "warning") } throws: { ($0 as? Refusal)?.field == "warning" }
  }
}
