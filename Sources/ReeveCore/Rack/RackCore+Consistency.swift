import ReeveModel

// What the rack's collaborators must agree on; the simulator asks after each step.
extension RackCore {
  func disagreements() -> [String] {
    roomDisagreements() + backlogDisagreements() + payloadDisagreements()
  }

  /// What nodes have free is their total less what is held there, strays included.
  private func roomDisagreements() -> [String] {
    var held = nodes.rooms.map { _ in Resources.zero }
    var count = nodes.rooms.map { _ in 0 }
    for (_, row) in attempts.all where row.holds {
      held[row.node] += row.resources
      count[row.node] += 1
    }
    for stray in attempts.strays {
      held[stray.node] += stray.resources
      count[stray.node] += 1
    }
    var reserved = nodes.rooms.map { _ in Resources.zero }
    for row in holds.rows {
      guard let node = row.node else { continue }
      if row.isHeld { held[node] += row.resources } else { reserved[node] += row.resources }
    }
    return nodes.places.compactMap { node in
      let room = nodes.rooms[node]
      guard nodes[node].reserved == reserved[node] else {
        return "node \(room.number): \(nodes[node].reserved) reserved, not \(reserved[node])"
      }
      guard room.free + held[node] != room.total || nodes[node].running != count[node] else { return nil }
      return "node \(room.number): \(room.free) free of \(room.total), \(count[node]) hold \(held[node])"
    }
  }

  /// The backlog has just what waits, each under its own shape and sequence.
  private func backlogDisagreements() -> [String] {
    let waiting = attempts.all.filter { $0.row.phase == .waiting }.map(\.place)
    return waiting == backlog.places.sorted() ? [] : ["backlog \(backlog.places), waiting \(waiting)"]
  }

  /// Payloads and templates are kept for just the launches that have not started.
  private func payloadDisagreements() -> [String] {
    var loads = consignments.needs.map { _ in 0 }
    var uses = templates.uses.map { _ in 0 }
    for case let parcel? in attempts.all.map(\.row.parcel) {
      loads[parcel.consignment] += 1
      uses[parcel.template.index] += 1
    }
    return (loads == consignments.needs ? [] : ["payloads are needed \(loads), not \(consignments.needs)"])
      + (uses == templates.uses ? [] : ["templates are used \(uses), not \(templates.uses)"])
  }
}
