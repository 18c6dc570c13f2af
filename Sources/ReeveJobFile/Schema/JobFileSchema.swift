import ReeveModel

/// The JSON Schema (draft 2020-12) of job files, for editors and for programs that write them.
///
/// Made of the keys that the reader reads. It lets pass whatever the reader takes; what it cannot say, such as that a
/// dependency must exist, `reeve submit --dry-run` does.
package func jobFileSchema() -> String {
  let schema: SchemaValue = [
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Reeve job file",
    "description":
      "A job for `reeve submit -f FILE`: tasks, what each runs and asks for, and which wait for which.",
    "type": "object",
    "properties": .object(JobKey.allCases.map { ($0.rawValue, $0.schema) }),
    "required": ["tasks"],
    "additionalProperties": false,
    "$defs": [
      "task": [
        "type": "object",
        "properties": .object(TaskKey.allCases.map { ($0.rawValue, $0.schema) }),
        "required": ["command"],
        "additionalProperties": false,
      ],
      "text": [
        "description": "Text; a number stands for itself as it is written.", "type": ["string", "number"],
      ],
      "texts": ["type": "array", "items": ["$ref": "#/$defs/text"]],
      "variables": ["type": "object", "additionalProperties": ["$ref": "#/$defs/text"]],
      "cores": .cores, "size": .size, "duration": .duration, "dependency": .dependency,
    ],
  ]
  return schema.written() + "\n"
}

extension JobKey {
  fileprivate var schema: SchemaValue {
    switch self {
    case .id:
      [
        "description": """
        Names the job, so that it is submitted once however often that is tried. Letters, digits, '-', '_' and '.'; \
        random if left out.
        """,
        "anyOf": [
          ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,\(Limits.jobIDBytes)}$"], ["type": "number"],
        ],
      ]
    case .name: ["description": "What people call the job; shown in lists.", "$ref": "#/$defs/text"]
    case .labels:
      [
        "description": "Words of your own to find the job by, such as {team: imaging}.",
        "$ref": "#/$defs/variables",
      ]
    case .maxFailures:
      [
        "description": "What has not started by then is called off when so many tasks have failed.",
        "type": "integer", "minimum": 1, "maximum": .number(Limits.tasks),
      ]
    case .hold:
      ["description": "Its tasks wait until `reeve release`; false if left out.", "type": "boolean"]
    case .allowPending:
      [
        "description": "It is taken though no node is large enough for some task: one will come.",
        "type": "boolean",
      ]
    case .open:
      ["description": "Tasks can be added until `reeve close`; false if left out.", "type": "boolean"]
    case .defaults:
      [
        "description": "What holds for every task that does not say otherwise; variables in env are joined.",
        "type": "object",
        "properties": .object(
          TaskKey.allCases.filter(\.hasDefault).map {
            ($0.rawValue, ["$ref": "#/$defs/task/properties/\($0.rawValue)"])
          }
        ),
        "additionalProperties": false,
      ]
    case .tasks:
      [
        "description": "The tasks, in any order.", "type": "array", "minItems": 1,
        "items": ["$ref": "#/$defs/task"],
      ]
    }
  }
}
