package import ReeveModel
import SwiftProtobuf

extension Reeve_V1_Explanation {
  package init(_ explanation: Explanation) {
    self.init()
    task = Reeve_V1_TaskViewColumns([explanation.task])
    code = explanation.code.rawValue
    sentence = explanation.sentence
    ahead = UInt64(clamping: explanation.ahead)
    racks = explanation.racks.map { Reeve_V1_RackFunnel($0) }
    waitsFor = explanation.waitsFor.map { Reeve_V1_Ancestor($0) }
    waitsForCount = UInt64(clamping: explanation.waitsForCount)
    terms = explanation.terms.map { term in
      .with { ($0.name, $0.value, $0.weight) = (term.name, term.value, term.weight) }
    }
  }
}

extension Explanation {
  package init(wire: Reeve_V1_Explanation) throws(WireError) {
    guard let code = Code(rawValue: wire.code) else {
      throw WireError("code", "\"\(wire.code)\" is none that this version knows")
    }
    self.init(
      task: try part("task") { () throws(WireError) in try TaskView(wire: wire.task) },
      code: code,
      sentence: wire.sentence
    )
    ahead = try check("ahead", count: wire.ahead)
    racks = try parts("racks", wire.racks, RackFunnel.init(wire:))
    waitsFor = try parts("waits_for", wire.waitsFor, Ancestor.init(wire:))
    waitsForCount = try check("waits_for_count", count: wire.waitsForCount)
    terms = wire.terms.map { Term(name: $0.name, value: $0.value, weight: $0.weight) }
  }
}

extension Reeve_V1_RackFunnel {
  fileprivate init(_ funnel: Explanation.RackFunnel) {
    self.init()
    rack = funnel.rack
    connected = funnel.isConnected
    nodes = UInt32(clamping: funnel.nodes)
    matching = UInt32(clamping: funnel.matching)
    largeEnough = UInt32(clamping: funnel.largeEnough)
    fitsNow = UInt64(clamping: funnel.fitsNow)
    free = Reeve_V1_Resources(funnel.free)
  }
}

extension Explanation.RackFunnel {
  fileprivate init(wire: Reeve_V1_RackFunnel) throws(WireError) {
    self.init(
      rack: wire.rack,
      isConnected: wire.connected,
      nodes: Int(wire.nodes),
      matching: Int(wire.matching),
      largeEnough: Int(wire.largeEnough),
      fitsNow: try check("fits_now", count: wire.fitsNow),
      free: try Resources("free", wire: wire.free, in: WireLimits.freeAmounts)
    )
  }
}

extension Reeve_V1_Ancestor {
  fileprivate init(_ ancestor: Explanation.Ancestor) {
    self.init()
    job = ancestor.job.text
    task = ancestor.task
    phase = ancestor.state.phaseWord
  }
}

extension Explanation.Ancestor {
  fileprivate init(wire: Reeve_V1_Ancestor) throws(WireError) {
    self.init(job: JobID(wire.job), task: wire.task, state: try TaskState(wire: wire.phase))
  }
}
