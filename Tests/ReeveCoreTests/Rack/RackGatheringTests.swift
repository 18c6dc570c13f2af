import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Rack core: what gathers before it leaves") struct RackGatheringTests {
  /// One node of two cores, with the real settings.
  var story = RackStory.rack([1], .cores(2), RackSettings())

  private mutating func launch(_ attempts: [AttemptID]) {
    story.at(100, .masterOrdered(1, .launch(1, .of(attempts, as: 1, carrying: [oneCore]))))
  }

  private mutating func end(_ attempt: AttemptID, at ms: Int64) {
    story.at(ms, .nodeReported(1, 1, NodeReport(ends: [attempt.end(on: 1)])))
  }

  @Test mutating func `with a backlog, an end waits ten milliseconds for others while its slot is filled`() {
    launch([1, 2, 3, 4, 5, 6, 7, 8])
    end(1, at: 101)
    #expect(story.report.isEmpty)
    #expect(story.launched == [1: [3]])
    end(2, at: 105)
    #expect(story.report.isEmpty)
    story.wait(until: 111)
    story.at(111)
    #expect(story.report.ends.map(\.attempt) == [1, 2])
  }

  @Test mutating func `without a backlog, an end is told at once`() {
    launch([1, 2])
    end(1, at: 101)
    #expect(story.report.ends.map(\.attempt) == [1])
  }

  @Test mutating func `what comes back unstarted is told at once, and what has gathered with it`() {
    launch([1, 2, 3, 4, 5])
    end(1, at: 101)
    story.at(102, .masterOrdered(1, .kill(5)))
    #expect(story.report.returned == [AttemptID(5).named])
    #expect(story.report.ends.map(\.attempt) == [1])
  }

  @Test mutating func `an acknowledgement travels with a launch, or alone after a quarter of a second`() {
    launch([1, 2])
    end(1, at: 101)
    story.at(102, .masterOrdered(1, .acknowledge(1)))
    #expect(story.orders == [:])
    #expect(story.core.nextDeadline.map { $0 <= Now.ms(352).boot } ?? false)
    story.wait(until: 352)
    story.at(352)
    #expect(story.orders == [1: .acknowledge(1)])
  }
}
