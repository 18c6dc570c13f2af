// swift-tools-version: 6.3
import PackageDescription

let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .treatAllWarnings(as: .error),
]

// The standard library and Foundation go into the program: a process starts in 4 ms of cpu time instead of 7, and each
// task of a workflow is one. Order matters: a library stands before what it needs.
let selfContained: [LinkerSetting] = [
  .unsafeFlags(
    ["-static-stdlib"]
      + [
        "Foundation", "FoundationInternationalization", "FoundationEssentials", "_FoundationCShims",
        "_FoundationCollections", "CoreFoundation", "_FoundationICU", "dispatch", "BlocksRuntime", "stdc++",
      ].map { "-l\($0)" }
      // Nothing looks its symbols up by name, and the runtime searches all that are exported, again and again, at each start.
      + ["-Xlinker", "--no-export-dynamic"]
  )
]

let collections: [Target.Dependency] = [
  .product(name: "DequeModule", package: "swift-collections"),
  .product(name: "OrderedCollections", package: "swift-collections"),
  .product(name: "HeapModule", package: "swift-collections"),
]
let grpc: [Target.Dependency] = [
  .product(name: "GRPCCore", package: "grpc-swift-2"),
  .product(name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport"),
]
let protobuf: [Target.Dependency] = [
  .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
  .product(name: "SwiftProtobuf", package: "swift-protobuf"),
]
let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
// For libyaml in it, the module CYaml.
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
  name: "reeve",
  products: [
    .executable(name: "reeve", targets: ["ReeveCLI"]),
    .executable(name: "reeve-spawn", targets: ["ReeveSpawn"]),
    .library(name: "ReeveFramework", targets: ["ReeveFramework"]),
    .executable(name: "reeve-words", targets: ["ReeveWords"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.0"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.0"),
    .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.0"),
  ],
  targets: [
    // The words and the decisions: neither I/O nor clock nor concurrency.
    .target(name: "ReeveModel", swiftSettings: house),
    .target(name: "ReeveCore", dependencies: ["ReeveModel"] + collections, swiftSettings: house),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "ReeveJobFile", dependencies: ["ReeveModel", "CZlib", yams], swiftSettings: house),

    // What the shells stand on.
    .target(
      name: "ReeveWire",
      dependencies: ["ReeveModel"] + protobuf + [grpc[0]],
      swiftSettings: house
    ),
    .systemLibrary(
      name: "CZstd",
      pkgConfig: "libzstd",
      providers: [.apt(["libzstd-dev"])]
    ),
    .target(name: "ReeveReplication", dependencies: ["ReeveModel", "CZstd"], swiftSettings: house),
    .target(name: "ReeveExecution", dependencies: ["ReeveModel"], swiftSettings: house),
    .target(
      name: "ReeveShell",
      dependencies: ["ReeveModel", "ReeveCore", log] + grpc + protobuf,
      swiftSettings: house
    ),

    // One shell a role.
    .target(
      name: "ReeveMaster",
      dependencies: ["ReeveModel", "ReeveCore", "ReeveShell", "ReeveWire", "ReeveReplication", log] + grpc,
      swiftSettings: house
    ),
    .target(
      name: "ReeveRack",
      dependencies: ["ReeveModel", "ReeveCore", "ReeveShell", "ReeveWire", log] + grpc,
      swiftSettings: house
    ),
    .target(
      name: "ReeveAgent",
      dependencies: ["ReeveModel", "ReeveCore", "ReeveShell", "ReeveWire", "ReeveExecution", log] + grpc,
      swiftSettings: house
    ),
    .executableTarget(name: "ReeveSpawn", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),

    // People and programs.
    .target(
      name: "ReeveClient",
      dependencies: ["ReeveModel", "ReeveShell", "ReeveWire"] + grpc,
      swiftSettings: house
    ),
    .target(
      name: "ReeveFramework",
      dependencies: ["ReeveModel", "ReeveShell", "ReeveWire", "ReeveClient"] + grpc,
      swiftSettings: house
    ),
    .executableTarget(
      name: "ReeveWords",
      dependencies: ["ReeveFramework"],
      path: "Examples/framework-swift",
      exclude: ["run"],
      swiftSettings: house,
      linkerSettings: selfContained
    ),
    .target(name: "ReeveOutput", dependencies: ["ReeveModel"], swiftSettings: house),
    .target(name: "ReeveSimulation", dependencies: ["ReeveModel", "ReeveCore"], swiftSettings: house),
    .target(
      name: "ReeveBench",
      dependencies: ["ReeveModel", "ReeveCore", "ReeveClient", "ReeveFramework", "ReeveMaster"],
      swiftSettings: house
    ),
    .executableTarget(
      name: "ReeveCLI",
      dependencies: [
        "ReeveModel", "ReeveJobFile", "ReeveMaster", "ReeveRack", "ReeveAgent", "ReeveShell", "ReeveClient",
        "ReeveOutput", "ReeveSimulation", "ReeveBench", arguments, log,
      ],
      swiftSettings: house,
      linkerSettings: selfContained
    ),

    // Tests. What takes real processes is a target of its own.
    .target(
      name: "ReeveTestSupport",
      dependencies: ["ReeveModel", "ReeveCore"],
      path: "Tests/ReeveTestSupport",
      swiftSettings: house
    ),
    .testTarget(
      name: "ReeveModelTests",
      dependencies: ["ReeveModel", "ReeveTestSupport"],
      swiftSettings: house
    ),
    .testTarget(
      name: "ReeveCoreTests",
      dependencies: ["ReeveModel", "ReeveCore", "ReeveTestSupport"],
      swiftSettings: house
    ),
    .testTarget(
      name: "ReeveJobFileTests",
      dependencies: ["ReeveModel", "ReeveJobFile"],
      swiftSettings: house
    ),
    .testTarget(
      name: "ReeveOutputTests",
      dependencies: ["ReeveModel", "ReeveOutput"],
      swiftSettings: house
    ),
    .testTarget(
      name: "ReeveReplicationTests",
      dependencies: ["ReeveModel", "ReeveReplication"],
      swiftSettings: house
    ),
    .testTarget(
      name: "ReeveExecutionTests",
      dependencies: ["ReeveModel", "ReeveExecution"],
      swiftSettings: house
    ),
    .testTarget(
      name: "ReeveWireTests",
      dependencies: ["ReeveModel", "ReeveWire", "ReeveTestSupport", protobuf[1]],
      swiftSettings: house
    ),
    .testTarget(
      name: "ReeveMasterTests",
      dependencies: [
        "ReeveModel", "ReeveCore", "ReeveReplication", "ReeveShell", "ReeveMaster", "ReeveTestSupport",
      ],
      swiftSettings: house
    ),
    .testTarget(
      name: "ReeveSimulationTests",
      dependencies: ["ReeveModel", "ReeveCore", "ReeveSimulation", "ReeveTestSupport"],
      exclude: ["Seeds.txt", "Stories"],
      swiftSettings: house
    ),
    .testTarget(
      name: "ClusterTests",
      dependencies: ["ReeveModel", "ReeveShell", "ReeveClient", "ReeveWire", "ReeveFramework"] + grpc
        + protobuf,
      swiftSettings: house
    ),
    .testTarget(
      name: "ChaosTests",
      dependencies: [
        "ReeveModel", "ReeveCore", "ReeveShell", "ReeveClient", "ReeveWire", "ReeveReplication",
        "ReeveSimulation",
        "ReeveTestSupport",
      ],
      exclude: ["TrackRecord.md"],
      swiftSettings: house
    ),
    .testTarget(
      name: "TidyTests",
      dependencies: ["ReeveModel", "ReeveJobFile"],
      exclude: ["Help"],
      swiftSettings: house
    ),
  ]
)
