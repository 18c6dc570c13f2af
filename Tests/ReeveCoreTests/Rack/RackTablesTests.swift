import ReeveCore
import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Template table") struct TemplateTableTests {
  var table = TemplateTable()

  @Test mutating func `a template outlives its session as long as a launch needs it`() {
    let own = table.admit(oneCore)
    table.use(own)
    table.beginSession()
    #expect(table.own(1) == nil)
    #expect(table[own].template == oneCore.template)
    table.release(own)
    #expect(table.count == 0)
  }

  @Test mutating func `a number of the master may get a new meaning, the old one stays with its launches`() {
    let old = table.admit(oneCore)
    table.use(old)
    let new = table.admit(fourCores.template.numbered(1))
    #expect(old != new)
    #expect(table.own(1) == new)
    #expect(table.shape(of: old) == RackShape(.cores(1)))
    table.release(old)
    #expect(table.count == 1)
  }

  @Test mutating func `a number that is free is used again, and each node's session carries it anew`() {
    let old = table.admit(oneCore)
    var outbox = NodeOutbox()
    var loads = Consignments()
    outbox.reset(0)
    let load = loads.keep(.of([1, 2], as: old), needed: 2)
    outbox.launch(.init(consignment: load, line: 0, template: old), from: loads, sharing: table, on: 0)
    table.beginSession()
    let new = table.admit(fourCores)
    outbox.redefine(new)
    #expect(new == old)
    let first = outbox.take(0, at: Now.ms(0).boot, acknowledgeWithin: .zero)
    #expect(first?.launches.newTemplates == [oneCore.template.numbered(old)])
    outbox.launch(.init(consignment: load, line: 1, template: new), from: loads, sharing: table, on: 0)
    let second = outbox.take(0, at: Now.ms(0).boot, acknowledgeWithin: .zero)
    let third = outbox.take(0, at: Now.ms(0).boot, acknowledgeWithin: .zero)
    #expect(second?.launches.newTemplates == [fourCores.template.numbered(new)])
    #expect(third == nil)
  }
}

@Suite("Consignments") struct ConsignmentsTests {
  @Test func `a batch is kept until the last of its launches needs it no more, and its place used again`() {
    var loads = Consignments()
    let first = loads.keep(.of([1, 2, 3], as: 1), needed: 2)
    loads.release(first)
    var copy = LaunchBatch()
    loads.copy(2, of: first, into: &copy)
    #expect(copy == .of([3], as: 1))
    loads.release(first)
    #expect(loads.needs == [0])
    let second = loads.keep(.of([4], as: 1), needed: 1)
    #expect(second == first)
  }
}

@Suite("Turn clock") struct TurnClockTests {
  @Test func `only what is later than wanted by more than the tolerance is a gap`() {
    var clock = TurnClock()
    #expect(clock.gap(at: Now.ms(90_000).boot, tolerance: .seconds(2)) == .zero)
    clock.want(Now.ms(1_000).boot)
    #expect(clock.gap(at: Now.ms(500).boot, tolerance: .seconds(2)) == .zero)
    #expect(clock.gap(at: Now.ms(3_000).boot, tolerance: .seconds(2)) == .zero)
    #expect(clock.gap(at: Now.ms(3_001).boot, tolerance: .seconds(2)) == .milliseconds(2_001))
    clock.want(nil)
    #expect(clock.gap(at: Now.ms(90_000).boot, tolerance: .seconds(2)) == .zero)
  }
}
