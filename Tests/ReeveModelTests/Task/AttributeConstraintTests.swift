import ReeveModel
import ReeveTestSupport
import Testing

@Suite("Constraints") struct AttributeConstraintTests {
  private let node = NodeAttributes(
    node: "n7",
    rack: "r1",
    own: .named(["gpu": "a100", "image": "a=b", "zone": "east"])
  )

  @Test(
    arguments: [
      ("zone=east", true), ("zone=west", false), ("zone=west,east", true), ("zone!=east", false),
      ("zone!=west,north", true), ("rank=1", false), ("rank!=1", true), ("node=n7", true),
      ("rack!=r1", false),
      ("image=a=b", true), ("gpu==a100", false),
    ] as [(AttributeConstraint, Bool)]
  )
  func `is met by a node or not`(constraint: AttributeConstraint, isMet: Bool) {
    #expect(constraint.isMet(by: node) == isMet)
  }

  @Test func `the same is the same, in whichever order it was written`() {
    let written: [AttributeConstraint] = ["zone!=c", "gpu=b,a,b", "zone=a", "gpu=a,b"]
    #expect(written.normalised.map(\.text) == ["gpu=a,b", "zone=a", "zone!=c"])
    #expect(TaskTemplate(constraints: written) == TaskTemplate(constraints: written.reversed()))
  }

  @Test(
    arguments: [
      ("gpu", "\"gpu\" is no constraint"), ("=a", "\"\" is no name"), ("a!b=c", "\"a!b\" is no name"),
      ("gpu=", "\"\" is no value"), ("gpu=a,,b", "\"\" is no value of attribute \"gpu\""),
      ("!=a", "\"\" is no name"), ("gpu=a\u{7}", "cannot be shown"),
    ]
  )
  func `what is none is refused`(text: String, words: String) {
    let refusal = #expect(throws: Refusal.self) { try AttributeConstraint(parsing: text, field: "f") }
    #expect(refusal?.field == "f" && refusal?.message.contains(words) == true, "\(refusal?.message ?? "")")
  }

  @Test func `too many are refused`() {
    let many = (0...Limits.constraints).map { AttributeConstraint("a\($0)", in: ["x"]) }
    #expect(throws: Refusal.self) { try many.validate(field: "f") }
    let values = AttributeConstraint("a", in: (0...Limits.constraintValues).map { "\($0)" })
    #expect(throws: Refusal.self) { try [values].validate(field: "f") }
    #expect(throws: Never.self) { try many.dropLast().map { $0 }.validate(field: "f") }
  }

  @Test(
    arguments: [
      (["node": "n"], "every node has the attribute \"node\" already"), (["rack": "r"], "name of its rack"),
      (["": "x"], "no name"), (["a": ""], "no value"), (["a": "x,y"], "no value"), (["a=b": "x"], "no name"),
      ([String(repeating: "a", count: 300): "x"], "300 bytes"),
    ]
  )
  func `attributes that a node cannot have are refused`(attributes: [String: String], words: String) {
    let refusal = #expect(throws: Refusal.self) {
      try [TaskTemplate.Variable].named(attributes).validateAttributes(field: "f")
    }
    #expect(refusal?.message.contains(words) == true, "\(refusal?.message ?? "")")
  }
}
