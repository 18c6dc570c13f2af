import ReeveModel
import ReeveWire
import SwiftProtobuf
import Testing

/// A message with its model counterpart, so that one claim is tested of all of them.
struct Form: Sendable, CustomTestStringConvertible {
  let name: String
  /// Bytes of some value.
  let bytes: @Sendable (inout Dice) throws -> [UInt8]
  /// Makes a value, sends it through bytes, and expects it back. Gives the fields that were left at their defaults.
  let roundTrip: @Sendable (inout Dice) throws -> [String]
  /// Reads bytes that may be anything. What can be read must come back from a second trip.
  let read: @Sendable ([UInt8]) throws -> Void

  var testDescription: String { name }

  init<Model: Equatable & Sendable, Wire: Message>(
    _ name: String,
    _ make: @escaping @Sendable (inout Dice) -> Model,
    _ encode: @escaping @Sendable (Model) -> Wire,
    _ decode: @escaping @Sendable (Wire) throws -> Model
  ) {
    self.name = name
    let trip: @Sendable (Model) throws -> Model = { model in
      let bytes: [UInt8] = try encode(model).serializedBytes()
      return try decode(Wire(serializedBytes: bytes))
    }
    bytes = { dice in try encode(make(&dice)).serializedBytes() }
    roundTrip = { dice in
      let model = make(&dice)
      let back = try trip(model)
      #expect(back == model)
      return unsetFields(of: model)
    }
    read = { bytes in
      let model = try decode(Wire(serializedBytes: bytes))
      let again = try? trip(model)
      #expect(again == model)
    }
  }

  static let all: [Form] = jobs + columns + sessions + views + journal
}

extension Form {
  static let jobs: [Form] = [
    Form("Resources", { $0.resources() }, Reeve_V1_Resources.init(_:), Resources.init(wire:)),
    Form("Generation", { $0.generation() }, Reeve_V1_Generation.init(_:), Generation.init(wire:)),
    Form("TaskTemplate", { $0.template() }, Reeve_V1_TaskTemplate.init(_:), TaskTemplate.init(wire:)),
    Form("JobSpec", { $0.jobSpec() }, Reeve_V1_JobSpec.init(_:), JobSpec.init(wire:)),
    Form(
      "PackedStrings",
      { PackedStrings($0.list { $0.word() }) },
      Reeve_V1_PackedStrings.init(_:),
      PackedStrings.init(wire:)
    ),
  ]

  static let columns: [Form] = [
    Form("LaunchBatch", { $0.launches() }, Reeve_V1_LaunchColumns.init(_:), LaunchBatch.init(wire:)),
    Form(
      "TaskAttempts",
      { $0.list(0...50) { $0.taskAttempt() } },
      Reeve_V1_AttemptColumns.init(_:),
      [TaskAttempt].init(wire:)
    ),
    Form(
      "TaskStarts",
      { $0.list(0...50) { $0.start() } },
      Reeve_V1_StartColumns.init(_:),
      [TaskStart].init(wire:)
    ),
    Form("TaskEnds", { $0.list(0...50) { $0.end() } }, Reeve_V1_EndColumns.init(_:), [TaskEnd].init(wire:)),
    Form(
      "KillOrders",
      { $0.list(0...50) { $0.kill() } },
      Reeve_V1_KillColumns.init(_:),
      [KillOrder].init(wire:)
    ),
  ]

  static let sessions: [Form] = [
    Form(
      "RackHello",
      {
        let claim = $0.isFull ? .adopted : $0.one(of: RackHello.Claim.allCases)
        return RackHello(
          rack: claim == .spare ? "" : "rack-\($0.bits(8))",
          claim: claim,
          address: $0.word(),
          incarnation: $0.bits(64)
        )
      },
      Reeve_V1_RackHello.init(_:),
      RackHello.init(wire:)
    ),
    Form(
      "RackAssignment",
      { $0.rackAssignment() },
      Reeve_V1_RackAssignment.init(_:),
      RackAssignment.init(wire:)
    ),
    Form("RackReport", { $0.rackReport() }, Reeve_V1_RackReport.init(_:), RackReport.init(wire:)),
    Form("RackOffer", { $0.rackOffer() }, Reeve_V1_RackOffer.init(_:), RackOffer.init(wire:)),
    Form("NodeStatus", { $0.nodeStatus() }, Reeve_V1_NodeState.init(_:), NodeStatus.init(wire:)),
    Form("RackOrders", { $0.rackOrders() }, Reeve_V1_RackOrders.init(_:), RackOrders.init(wire:)),
    Form("NodeStatement", { $0.nodeStatement() }, Reeve_V1_NodeStatement.init(_:), NodeStatement.init(wire:)),
    Form("NodeReport", { $0.nodeReport() }, Reeve_V1_NodeReport.init(_:), NodeReport.init(wire:)),
    Form("NodeOrders", { $0.nodeOrders() }, Reeve_V1_NodeOrders.init(_:), NodeOrders.init(wire:)),
  ]

  static let views: [Form] =
    [
      Form("Refusal", { $0.refusal() }, Reeve_V1_Problem.init(_:), Refusal.init(wire:)),
      Form("TaskSelector", { $0.selector() }, Reeve_V1_TaskSelector.init(_:), TaskSelector.init(wire:)),
      Form("JobProgress", { $0.jobProgress() }, Reeve_V1_JobProgress.init(_:), JobProgress.init(wire:)),
      Form(
        "TaskViews",
        { $0.list(0...50) { $0.taskView() } },
        Reeve_V1_TaskViewColumns.init(_:),
        [TaskView].init(wire:)
      ),
      Form("NodeView", { $0.nodeView() }, Reeve_V1_NodeView.init(_:), NodeView.init(wire:)),
      Form("RackView", { $0.rackView() }, Reeve_V1_RackView.init(_:), RackView.init(wire:)),
    ]
    + Dice.queryKinds.map { kind in
      Form("Query \(kind)", { $0.query(kind) }, Reeve_V1_Query.init(_:), Query.init(wire:))
    }
    + Dice.answerKinds.map { kind in
      Form("Answer \(kind)", { $0.answer(kind) }, Reeve_V1_Answer.init(_:)) { wire in
        var dice = Dice(seed: 1)
        return try Answer(wire: wire, to: dice.query(kind))
      }
    }

  static let journal: [Form] =
    Dice.factKinds.map { kind in
      Form("Fact \(kind)", { $0.fact(kind) }, Reeve_V1_Fact.init(_:), Fact.init(wire:))
    }
    + Dice.snapshotPartKinds.map { kind in
      Form(
        "SnapshotPart \(kind)",
        { $0.snapshotPart(kind) },
        Reeve_V1_SnapshotPart.init(_:),
        SnapshotPart.init(wire:)
      )
    }
}

/// Paths of what is zero, empty or absent in a value. Of a list one element has to be whole.
private func unsetFields(of value: Any, at path: String = "") -> [String] {
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .optional:
    return mirror.children.first.map { unsetFields(of: $0.value, at: path) } ?? [path]
  case .collection:
    let unset = mirror.children.map { unsetFields(of: $0.value, at: path + "[]") }
    return unset.contains { $0.isEmpty } ? [] : unset.first ?? [path]
  case .struct, .tuple, .enum:
    if mirror.children.isEmpty { return (value as? FailureReason) == FailureReason.none ? [path] : [] }
    return mirror.children.flatMap { unsetFields(of: $0.value, at: "\(path).\($0.label ?? "")") }
  default: return isUnset(value) ? [path] : []
  }
}

private func isUnset(_ leaf: Any) -> Bool {
  switch leaf {
  case let number as any BinaryInteger: Int(truncatingIfNeeded: number) == 0
  case let text as String: text.isEmpty
  case let flag as Bool: !flag
  default: false
  }
}
