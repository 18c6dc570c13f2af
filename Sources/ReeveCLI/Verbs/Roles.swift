import ArgumentParser
import ReeveClient
import ReeveMaster
import ReeveModel
import ReeveOutput
import ReeveRack
import ReeveShell

/// What every role can be told.
struct RoleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Where it listens; port 0 takes a free one.", valueName: "host:port"),
    transform: { try Address(parsing: $0) }
  )
  var address = Address(host: "127.0.0.1", port: 0)

  @Flag(help: "Listens where other machines reach it, without TLS: for networks that you trust.")
  var insecure = false

  @Flag(help: ArgumentHelp("Ends with the process that started it.", visibility: .hidden))
  var exitWithParent = false

  func begin() { if exitWithParent { Lifeline.follow() } }
}

/// Where a role is found, if not where it listens.
struct AdvertiseOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where others reach it, behind NAT or a proxy (default: where it listens).",
      valueName: "host:port"
    ),
    transform: { try Address(parsing: $0) }
  )
  var advertise: Address?
}

/// When a master makes snapshots of its state.
struct SnapshotOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How much the master's journal grows between two snapshots; half of a snapshot where that is more.",
      valueName: "size"
    ),
    transform: { try Quantity.bytes($0, field: "") }
  )
  var snapshotEvery = Int64(MasterOptions.defaultSnapshotBytes)

  /// In bytes.
  var every: Int { Int(snapshotEvery) }
}

/// Where a role finds its master.
struct MasterPlace: ParsableArguments {
  @Option(help: ArgumentHelp("The master (default: found as by any verb).", valueName: "host:port"))
  var master: String?

  @Option(help: ArgumentHelp("The cluster's token (default: found as by any verb).", valueName: "file"))
  var tokenFile: String?

  func find() throws -> (Address, Token) {
    if let master, let tokenFile { return (try Address(parsing: master), try Token.read(tokenFile)) }
    let found = try ClusterAddress.find { name in
      switch name {
      case "REEVE_ADDRESS": master ?? ClusterAddress.variable(name)
      case "REEVE_TOKEN_FILE": tokenFile ?? ClusterAddress.variable(name)
      default: ClusterAddress.variable(name)
      }
    }
    return (found.addresses[0], found.token)
  }
}

struct MasterRole: Verb {
  static let configuration = CommandConfiguration(
    commandName: "master",
    abstract: "Runs a master, as its own process."
  )

  @Option(help: "Data directory (default: REEVE_DATA, or reeve where programs keep their state).")
  var data: String?

  @OptionGroup var snapshots: SnapshotOptions
  @OptionGroup var role: RoleOptions

  @concurrent func perform() async throws -> Int32 {
    role.begin()
    try await runMaster(
      MasterOptions(
        address: role.address,
        data: data ?? ClusterAddress.dataDirectory(),
        insecure: role.insecure,
        snapshotBytes: snapshots.every
      )
    )
    return ExitStatus.done
  }
}

/// Refuses what is no name as a mistake of the command line.
func check(_ name: String, of what: String, as option: String) throws {
  do throws(Refusal) {
    try TaskName.validate(name, of: what, field: option)
  } catch { throw ValidationError("\(option): \(error.message)") }
}

struct RackRole: Verb {
  static let configuration = CommandConfiguration(
    commandName: "rack",
    abstract: "Runs the scheduler of one or several racks, as its own process.",
    discussion: """
      A rack whose scheduler stays away for three seconds is given to another process, and what runs there goes \
      on; so is a rack that an agent is the first to name. The process that has it by --name gets it back when it \
      returns.
      """
  )

  @Option(
    help: ArgumentHelp(
      "A rack of its own, and of no other process; repeat it for several. It serves more when the master gives it some."
    )
  )
  var name: [String] = []

  func validate() throws {
    for one in name { try check(one, of: "rack", as: "--name") }
    if let twice = name.first(where: { one in name.count { $0 == one } > 1 }) {
      throw ValidationError("--name \(twice.quoted) is there twice: each rack has one scheduler.")
    }
  }

  @OptionGroup var place: MasterPlace
  @OptionGroup var role: RoleOptions
  @OptionGroup var reach: AdvertiseOption

  @concurrent func perform() async throws -> Int32 {
    role.begin()
    let (master, token) = try place.find()
    try await runRack(
      RackOptions(
        names: name,
        master: master,
        token: token,
        address: role.address,
        advertised: reach.advertise,
        insecure: role.insecure
      )
    )
    return ExitStatus.done
  }
}
