import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

/// A core that can tell what is wrong with itself.
protocol SelfChecking: Core {
  func violations() -> [String]
}

extension RackCore: SelfChecking {}
extension AgentCore: SelfChecking {}

/// A core and its time: each turn hands over some events and takes the effects, checking the core on the way.
struct Story<Subject: SelfChecking> {
  var core: Subject
  var effects: [Subject.Effect] = []

  init(_ core: Subject) { self.core = core }

  /// A turn of these events; `effects` has what it did, and nothing from before.
  @discardableResult
  mutating func at(_ ms: Int64, _ events: Subject.Event...) -> [Subject.Effect] {
    turn(.ms(ms), events)
  }

  /// The turns that the core asks for before then, with nothing happening.
  mutating func wait(until ms: Int64) {
    while let next = core.nextDeadline, next < Now.ms(ms).boot { turn(.ms(next.microseconds / 1_000), []) }
  }

  @discardableResult
  mutating func turn(_ now: Now, _ events: [Subject.Event]) -> [Subject.Effect] {
    effects = []
    for event in events {
      core.handle(event, at: now, into: &effects)
      #expect(core.violations() == [], "after \(event)")
    }
    core.decide(at: now, into: &effects)
    #expect(core.violations() == [])
    checkRest(at: now)
    return effects
  }

  /// A turn that has ended leaves nothing to do at the same time, and asks for no turn that is due already.
  private mutating func checkRest(at now: Now) {
    if let next = core.nextDeadline { #expect(next > now.boot, "asks for a turn that is due") }
    var again = core
    var more: [Subject.Effect] = []
    again.decide(at: now, into: &more)
    #expect(more.isEmpty, "a second turn at the same time still does something")
  }
}
