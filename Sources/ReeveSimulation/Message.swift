import ReeveCore
import ReeveModel

/// What travels between the processes of the world.
enum Message: Sendable {
  case hello(RackHello)
  case rackStatement(RackReport)
  case rackReport(RackReport)
  case assignment(RackAssignment)
  /// The last word on a rack's stream: the rack is another's.
  case rackRefused
  case rackOrders(RackOrders)
  /// Of a node that the master has sent to this of the process's racks.
  case nodeStatement(NodeStatement, to: RackNumber)
  case nodeReport(NodeReport)
  case welcome(Generation)
  case nodeOrders(NodeOrders)
  case locate(node: String, rack: String?)
  case located(Result<NodePlace, Refusal>)
  case request(Int, Request)
  /// The tag of the request, and what the master's core said.
  case answer(Int, MasterEffect)
  case framework(FrameworkMessage)
  /// A sign of life; from a rack scheduler also whether it has a master.
  case beat(hasMaster: Bool)

  /// Whether it belongs to a session that is open already: what opens one is not heard of a stream that is over.
  var isOfSession: Bool {
    switch self {
    case .rackReport, .rackOrders, .nodeReport, .nodeOrders: true
    case .framework(.subscribe): false
    case .framework: true
    default: false
    }
  }

  /// For the trace.
  var summary: String {
    switch self {
    case .hello(let hello): "hello of \(hello.rack)"
    case .rackStatement(let report): "statement: \(report.summary)"
    case .rackReport(let report): "report: \(report.summary)"
    case .assignment(let assignment): "assignment \(assignment.generation)"
    case .rackRefused: "refusal"
    case .rackOrders(let orders): "orders: \(orders.summary)"
    case .nodeStatement(let statement, _):
      "statement: \(statement.running.count) running \(statement.running.map(\.start.attempt)),"
        + " ends \(statement.ends.map(\.attempt))"
    case .nodeReport(let report):
      "report: starts \(report.starts.map(\.attempt)), ends \(report.ends.map(\.attempt)),"
        + " refused \(report.refused.map(\.attempt))"
    case .welcome(let generation): "welcome under \(generation)"
    case .nodeOrders(let orders):
      "orders: launches \(orders.launches.launches.map(\.attempt)), kills \(orders.kills.map(\.attempt)),"
        + " acknowledged \(orders.acknowledged)"
    case .locate(let node, _): "where does \(node) belong"
    case .located(let result): "located: \(result)"
    case .request(let tag, let request): "request \(tag): \(request.summary)"
    case .answer(let tag, let effect): "answer \(tag): \(effect)"
    case .framework(let message): "\(message)"
    case .beat: "beat"
    }
  }
}

/// What a client wants.
enum Request: Sendable {
  case submit(JobSpec)
  case order(UserOrder, [TaskSelector])
  case watch(JobID)
  case follow(TaskSelector)
  case ask(Query)

  var summary: String {
    switch self {
    case .submit(let spec): "submit \(spec.id) of \(spec.count) tasks"
    case .order(let order, let what): "\(order) of \(what.map(\.description))"
    case .watch(let job): "watch \(job)"
    case .follow(let what): "follow \(what.description)"
    case .ask: "ask"
    }
  }
}

extension RackReport {
  var summary: String {
    var parts: [String] = ["counted in \(countedIn)"]
    if !waiting.isEmpty { parts.append("waiting \(waiting.map(\.attempt))") }
    if !started.isEmpty { parts.append("started \(started.map(\.attempt))") }
    if !ends.isEmpty { parts.append("ends \(ends.map(\.attempt))") }
    if !returned.isEmpty { parts.append("returned \(returned.map(\.attempt))") }
    if !lost.isEmpty { parts.append("lost \(lost.map(\.name.attempt))") }
    if let offer {
      parts.append(
        "offer of \(offer.free.cpuMillis)m, \(offer.fits.map { "\($0.shape):\($0.fits)+\($0.waiting)" })"
      )
    }
    if !nodes.isEmpty { parts.append("nodes \(nodes.map { "\($0.number) \($0.state)" })") }
    return parts.joined(separator: ", ")
  }
}

extension RackOrders {
  var summary: String {
    var parts: [String] = []
    if batch > 0 { parts.append("batch \(batch) launches \(launches.launches.map(\.attempt))") }
    if !kills.isEmpty { parts.append("kills \(kills.map(\.attempt))") }
    if !acknowledged.isEmpty { parts.append("acknowledged \(acknowledged)") }
    if !recalls.isEmpty { parts.append("recalls \(recalls.map { "\($0.count) of \($0.shape)" })") }
    if let shapes { parts.append("shapes \(shapes.map(\.number))") }
    if !messages.isEmpty { parts.append("messages to \(messages.all.map(\.attempt))") }
    return parts.joined(separator: ", ")
  }
}
