import ReeveModel

/// What each key of a task may hold, and what it is good for.
extension TaskKey {
  var schema: SchemaValue {
    switch self {
    case .id: Self.idSchema
    case .command: Self.commandSchema
    case .cpus: ["description": "Cores, such as 2, 0.5 or \"500m\"; 1 if left out.", "$ref": "#/$defs/cores"]
    case .memory:
      ["description": "Memory, such as 512MiB; 64MiB if left out, 0 asks for none.", "$ref": "#/$defs/size"]
    case .disk: ["description": "Disk, such as 10GiB; none if left out.", "$ref": "#/$defs/size"]
    case .time:
      [
        "description": "The longest it may run, such as 10m; for ever if left out.",
        "$ref": "#/$defs/duration",
      ]
    case .deadline:
      [
        "description": "How long after its submission it should have ended, such as 6h.",
        "$ref": "#/$defs/duration",
      ]
    case .grace:
      [
        "description": "From SIGTERM to SIGKILL when it is ended by order, up to 1h; 5s if left out.",
        "$ref": "#/$defs/duration",
      ]
    case .priority: Self.prioritySchema
    case .env:
      [
        "description": "Variables that are set for the command, such as {MODE: fast}.",
        "$ref": "#/$defs/variables",
      ]
    case .after: Self.afterSchema
    case .directory:
      [
        "description": "Where the command runs, from '/' on; in a directory of its own if left out.",
        "type": "string", "pattern": "^/",
      ]
    case .onNodeLoss: Self.nodeLossSchema
    case .array:
      [
        "description": """
        Makes many tasks of this one, one for each index: 0-999, 1-100:7 or 1,3,10-20, with %50 behind it at most 50 at a \
        time. The index is in REEVE_ARRAY_INDEX, and in the command and env as %{index}.
        """,
        "anyOf": [["type": "string", "pattern": "^[0-9]+([-,:0-9]*)(%[0-9]+)?$"], ["type": "number"]],
      ]
    case .values:
      [
        "description": """
        One value for each task of an array, in REEVE_ARRAY_VALUE, and in the command and env as %{value}; without \
        \"array\" the indices count from 0.
        """,
        "type": "array", "minItems": 1,
      ]
    case .warning:
      [
        "description": "A signal that it gets before its time is up, and how long before, such as USR1@60s.",
        "type": "string", "pattern": "^[A-Za-z0-9]+@.+$",
      ]
    case .retries: Self.retriesSchema
    case .inputs: ["description": "Data that it reads, by name. Kept and shown.", "$ref": "#/$defs/texts"]
    case .outputs: ["description": "Data that it writes, by name. Kept and shown.", "$ref": "#/$defs/texts"]
    case .constraints:
      [
        "description": """
        What its node must be: the values that an attribute may have, as in gpu=a100 or zone=a,b, or those that it may \
        not, as in zone!=c.
        """,
        "type": "array", "items": ["type": "string", "pattern": "^[^=!,]+!?=[^,]+(,[^,]+)*$"],
      ]
    case .labels:
      [
        "description": "Words of your own to find the task by, beside those of its job.",
        "$ref": "#/$defs/variables",
      ]
    }
  }

  private static let idSchema: SchemaValue = [
    "description":
      "Names the task within its job, for \"after\" and for JOB/TASK; its place in the list if left out.",
    "anyOf": [
      ["type": "string", "minLength": 1, "maxLength": .number(Limits.nameBytes), "pattern": "^[^\\s/]+$"],
      ["type": "number"],
    ],
  ]

  private static let commandSchema: SchemaValue = [
    "description": """
    What runs: a program and its arguments as a list, such as [echo, hello], or one text that /bin/sh -c runs, such \
    as \"sort in | uniq > out\".
    """,
    "anyOf": [
      ["type": "string", "minLength": 1],
      ["type": "array", "minItems": 1, "items": ["$ref": "#/$defs/text"]],
    ],
  ]

  private static let prioritySchema: SchemaValue = [
    "description": "Larger is more urgent; 0 if left out.", "type": "integer",
    "minimum": .number(Int(Limits.priority.lowerBound)), "maximum": .number(Int(Limits.priority.upperBound)),
  ]

  private static let retriesSchema: SchemaValue = [
    "description": "How often a task that fails is tried again by itself; never if left out.",
    "anyOf": [
      ["type": "integer", "minimum": 0, "maximum": .number(Int(Limits.retries))],
      [
        "type": "object",
        "properties": [
          "limit": ["type": "integer", "minimum": 0, "maximum": .number(Int(Limits.retries))],
          "delay": [
            "description": "Before the first retry; doubled before each further one, up to 5m.",
            "$ref": "#/$defs/duration",
          ],
          "exitCodes": [
            "description": "Only after these exit codes.", "type": "array",
            "items": ["type": "integer", "minimum": 0, "maximum": 255],
          ],
          "reasons": [
            "description": "Only for these reasons.", "type": "array",
            "items": ["enum": .list(FailureReason.allCases.filter(\.mayBeRetried).map { .text($0.code) })],
          ],
        ],
        "required": ["limit"],
        "additionalProperties": false,
      ],
    ],
  ]

  private static let afterSchema: SchemaValue = [
    "description": "What must have ended, and how, before this one starts.", "type": "array",
    "items": ["anyOf": [["$ref": "#/$defs/text"], ["$ref": "#/$defs/dependency"]]],
  ]

  private static let nodeLossSchema: SchemaValue = [
    "description": """
    If its node is lost while it may be running there: requeue runs it again elsewhere (so it is if left out), wait \
    waits for the node so that no two attempts overlap, fail fails it.
    """,
    "enum": .list(NodeLossChoice.allCases.map { .text($0.word) }),
  ]
}

/// What several keys share.
extension SchemaValue {
  /// Where a number is read in quotes; a superset of what is read, as all patterns here.
  private static let number = "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?"

  static let cores: SchemaValue = [
    "anyOf": [
      ["type": "number", "exclusiveMinimum": 0, "maximum": .number(Int(Limits.cpuMillis / 1_000))],
      ["type": "string", "pattern": "^\(number) *m?$"],
    ]
  ]

  static let size: SchemaValue = [
    "description":
      "With a unit, such as 512MiB or 1.5G (steps of 1024) or 100MB (of 1000); a bare number counts bytes.",
    "anyOf": [
      ["type": "number", "minimum": 0],
      ["type": "string", "pattern": "^\(number) *([kKmMgGtTpPeE]([iI]?[bB]|[iI])?|[bB])$"],
    ],
  ]

  static let duration: SchemaValue = [
    "description":
      "With a unit, such as 90s, 10m or 1h30m, or by the clock, such as 1:30:00; a bare number counts seconds.",
    "anyOf": [
      ["type": "number", "minimum": 0],
      ["type": "string", "pattern": "^(\(number) *[a-zA-Z]+ *)+$"],
      ["type": "string", "pattern": "^([0-9]+-)?[0-9]+:[0-9]+:[0-9]+\\.?[0-9]*$"],
    ],
  ]

  static let dependency: SchemaValue = [
    "type": "object",
    "properties": [
      "task": [
        "description": "The id of a task or array, of this job or with \"job\" of that one.",
        "$ref": "#/$defs/text",
      ],
      "job": ["description": "The id of an earlier job.", "$ref": "#/$defs/text"],
      "when": [
        "description": "How it must have ended; succeeded if left out.",
        "enum": .list(DependencyKind.Condition.allCases.map { .text($0.word) }),
      ],
      "each": [
        "description": "From array to array: each task waits for the one at the same place only.",
        "type": "boolean",
      ],
    ],
    "anyOf": [["required": ["task"]], ["required": ["job"]]],
    "additionalProperties": false,
  ]
}
