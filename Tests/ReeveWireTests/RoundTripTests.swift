import ReeveModel
import ReeveWire
import SwiftProtobuf
import Testing

@Suite("Wire: what is sent comes back")
struct RoundTripTests {
  @Test(arguments: Form.all)
  func `every field of a full value comes back`(_ form: Form) throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      var dice = Dice(seed: seed, isFull: true)
      let unset = try form.roundTrip(&dice)
      #expect(unset.isEmpty, "the sample leaves fields at their defaults")
    }
  }

  @Test(arguments: Form.all)
  func `any value comes back, with whatever is empty or at the edge in it`(_ form: Form) throws {
    for seed in 1...300 as ClosedRange<UInt64> {
      var dice = Dice(seed: seed)
      _ = try form.roundTrip(&dice)
    }
  }

  @Test func `a journal group comes back with its time and its facts in order`() throws {
    for seed in 1...50 as ClosedRange<UInt64> {
      var dice = Dice(seed: seed)
      let facts = dice.list(0...30) { $0.fact($0.one(of: Array(Dice.factKinds))) }
      let time = dice.wall()
      let group = try decodeGroup(encodeGroup(facts, at: time))
      #expect(group.facts == facts)
      #expect(group.at == time)
    }
  }

  @Test func `a job takes no more than it is said to at most, and not much less`() throws {
    func length(_ spec: JobSpec) throws -> Int {
      let job = SubmittedJob(
        number: JobNumber(.max),
        firstTask: TaskNumber(1 << 39),
        firstTemplate: TemplateNumber(.max - 100),
        submitted: WallTime(microseconds: 1 << 60),
        spec: spec
      )
      return try encodeGroup([.jobSubmitted(job)], at: WallTime(microseconds: 1 << 60)).count
    }
    for seed in 1...300 as ClosedRange<UInt64> {
      var dice = Dice(seed: seed)
      let spec = dice.jobSpec(tasks: 0...300)
      #expect(try length(spec) <= spec.wireBytesMax)
    }
    var large = JobSpec(id: JobID("large"))
    large.templates = [TaskTemplate(command: ["true"])]
    for i in 0..<20_000 {
      large.append(name: "task-\(i)", template: 0, arguments: ["\(i)"], after: i > 0 ? [UInt32(i) - 1] : [])
    }
    let bytes = try length(large)
    #expect(bytes <= large.wireBytesMax && large.wireBytesMax < bytes * 5 / 4)
  }

  @Test func `ends of success cost nothing where nothing was counted`() throws {
    let ends = (1...100).map { TaskEnd(attempt: AttemptID($0), task: TaskNumber($0)) }
    let wire = Reeve_V1_EndColumns(ends)
    #expect(wire.cpuMicros.isEmpty && wire.memoryPeak.isEmpty)
    #expect(wire.readBytes.isEmpty && wire.writeBytes.isEmpty && wire.details.isEmpty)
    #expect(try [TaskEnd](wire: wire) == ends)
  }

  @Test func `a shape of nothing fits as often as 32 bits can say`() {
    let fit = RackOffer.ShapeFit(shape: ShapeNumber(1), fits: .max, waiting: 3)
    #expect(RackOffer.ShapeFit(wire: Reeve_V1_ShapeFit(fit)).fits == Int(UInt32.max))
  }

  @Test func `what tasks have in common travels once, and what is nothing of all not at all`() throws {
    let tasks = (1...100 as ClosedRange<UInt64>).map { number in
      var task = TaskView(number: TaskNumber(number), name: "t\(number)", job: JobID("j"), state: .queued)
      task.labels = [TaskTemplate.Variable(name: "k", value: number > 50 ? "w" : "v")]
      task.submitted = WallTime(microseconds: 5)
      return task
    }
    let wire = Reeve_V1_TaskViewColumns(tasks)
    #expect(wire.kinds.count == 2 && wire.kindPlaces.count == 100)
    #expect(wire.nodes.isEmpty && wire.racks.isEmpty && wire.attempts.isEmpty && wire.marks.isEmpty)
    #expect(wire.startedMicros.isEmpty && wire.memoryPeak.isEmpty && wire.details.isEmpty)
    #expect(try [TaskView](wire: wire) == tasks)
    #expect(Reeve_V1_TaskViewColumns(Array(tasks[..<50])).kindPlaces.isEmpty)
  }

  @Test func `shapes that are asked about can be none, which is not the same as unchanged`() throws {
    var orders = RackOrders()
    #expect(try RackOrders(wire: Reeve_V1_RackOrders(orders)).shapes == nil)
    orders.shapes = []
    let bytes: [UInt8] = try Reeve_V1_RackOrders(orders).serializedBytes()
    #expect(try RackOrders(wire: Reeve_V1_RackOrders(serializedBytes: bytes)).shapes == [])
  }
}
