import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Master: a disk that is low") struct MasterDiskTests {
  private var story = MasterStory()

  init() {
    story.connect()
    _ = story.place("n")
    story.turn(.submitted(story.request(), .of(3)))
    story.offer(.cores(2))
    story.turn(.diskChanged(isLow: true))
  }

  /// What the last submission was told, if it was taken.
  private var answer: Submission? {
    for case .submitted(_, .success(let submission)) in story.told { return submission }
    return nil
  }

  @Test mutating func `nothing new is taken, and the refusal says what to do`() {
    let request = story.request()
    story.turn(.submitted(request, .of(1, id: "new")))
    guard case .submitted(request, .failure(let refusal))? = story.told.first else {
      Issue.record("\(story.told)")
      return
    }
    #expect(refusal.code == .unavailable && refusal.field == "disk")
    #expect(refusal.message.contains("Make room"))
    #expect(story.newFacts.isEmpty)
  }

  @Test mutating func `a job that the journal might not take is refused too, but not one that it has`() {
    story.turn(.diskChanged(isLow: false))
    story.turn(.submitted(story.request(), .of(1, id: "large"), hasRoom: false))
    #expect(answer == nil && story.newFacts.isEmpty)
    story.turn(.submitted(story.request(), .of(3), hasRoom: false))
    #expect(answer?.known == true)
    story.turn(.submitted(story.request(), .of(1, id: "small")))
    #expect(answer?.known == false)
  }

  @Test mutating func `what was taken before is still known`() {
    let request = story.request()
    story.turn(.submitted(request, .of(3)))
    #expect(answer?.known == true && answer?.tasks == 3)
  }

  @Test mutating func `nothing is assigned, while starts, ends and cancels go on`() {
    #expect(story.launches.map(\.task) == [1, 2])
    let (start, end) = (story.start(2), story.end(1))
    story.report {
      $0.started = [start]
      $0.ends = [end]
    }
    #expect(story.state(1) == .succeeded && story.state(2) == .running)
    story.offer(.cores(1), largest: .cores(2))
    #expect(story.launches.count == 2 && story.state(3) == .queued)
    story.turn(.ordered(story.request(), .cancel, [TaskSelector(job: "j", task: "t1")]))
    #expect(story.kills.count == 1)
    #expect(story.core.violations().isEmpty)
  }

  @Test mutating func `once there is room again all goes on where it was`() {
    let end = story.end(1)
    story.report { $0.ends = [end] }
    story.offer(.cores(1), largest: .cores(2))
    story.turn(.diskChanged(isLow: false))
    #expect(story.launches.map(\.task) == [1, 2, 3])
    let request = story.request()
    story.turn(.submitted(request, .of(1, id: "new")))
    #expect(answer?.known == false && answer?.id == "new")
  }
}
