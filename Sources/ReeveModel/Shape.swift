/// What a task asks of the node that it runs on. Tasks queue by it.
package struct Shape: Hashable, Sendable {
  package var resources: Resources
  /// All of them must be met; in their order, without repeats.
  package var constraints: [AttributeConstraint]

  package init(_ resources: Resources, _ constraints: [AttributeConstraint] = []) {
    self.resources = resources
    self.constraints = constraints
  }
}

extension TaskTemplate {
  package var shape: Shape { Shape(resources, constraints) }
}
