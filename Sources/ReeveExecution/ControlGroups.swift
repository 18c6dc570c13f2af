/// The limits that this process's control groups set, of either version, whichever is the lowest up to the root.
struct ControlGroups {
  /// Thousandths of a cpu; nil: no limit.
  private(set) var cpuMillis: Int?
  private(set) var memoryBytes: UInt64?

  /// - Parameter root: where `proc` is, and the paths that its `mountinfo` names.
  init(root: String) {
    let mounts = Self.mounts(root)
    for line in (Files.text("\(root)/proc/self/cgroup") ?? "").split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let controllers = fields[1].split(separator: ",").map(String.init)
      for mount in mounts where mount.serves(controllers) {
        for group in mount.groups(from: String(fields[2])) { take("\(root)\(group)", controllers) }
      }
    }
  }

  private mutating func take(_ group: String, _ controllers: [String]) {
    if controllers.isEmpty {
      let parts = (Files.text("\(group)/cpu.max") ?? "").split(whereSeparator: \.isWhitespace)
      if parts.count == 2 { limitCPU(quota: Int(parts[0]), period: Int(parts[1])) }
      limitMemory(number("\(group)/memory.max"))
    }
    if controllers.contains("cpu") {
      limitCPU(
        quota: number("\(group)/cpu.cfs_quota_us").flatMap { Int($0) },
        period: number("\(group)/cpu.cfs_period_us").flatMap { Int($0) }
      )
    }
    if controllers.contains("memory") { limitMemory(number("\(group)/memory.limit_in_bytes")) }
  }

  /// Nil for `max`, for -1 and for what is not there.
  private func number(_ path: String) -> UInt64? {
    Files.text(path).flatMap { UInt64($0.prefix { !$0.isWhitespace }) }
  }

  private mutating func limitCPU(quota: Int?, period: Int?) {
    guard let quota, let period, quota > 0, period > 0 else { return }
    let millis = max(1, Int(Double(quota) * 1000 / Double(period)))
    cpuMillis = min(cpuMillis ?? millis, millis)
  }

  private mutating func limitMemory(_ bytes: UInt64?) {
    guard let bytes, bytes > 0 else { return }
    memoryBytes = min(memoryBytes ?? bytes, bytes)
  }

  /// A mounted hierarchy of groups.
  private struct Mount {
    var place: String
    /// The group that is seen at `place`.
    var shown: String
    /// Empty for version 2.
    var options: Set<String>

    func serves(_ controllers: [String]) -> Bool {
      controllers.isEmpty ? options.isEmpty : !options.isDisjoint(with: controllers)
    }

    /// The directories of a group and of all above it, as far as they are seen here.
    func groups(from path: String) -> [String] {
      var below = path
      if shown != "/" && path.hasPrefix(shown) { below = String(path.dropFirst(shown.count)) }
      var names = below.split(separator: "/").filter { $0 != ".." }
      var result = [place]
      while !names.isEmpty {
        result.append(place + "/" + names.joined(separator: "/"))
        names.removeLast()
      }
      return result
    }
  }

  private static func mounts(_ root: String) -> [Mount] {
    (Files.text("\(root)/proc/self/mountinfo") ?? "").split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard let dash = fields.firstIndex(of: "-"), fields.count > dash + 3, fields.count > 4 else {
        return nil
      }
      let (shown, place) = (String(fields[3]), String(fields[4]))
      switch fields[dash + 1] {
      case "cgroup2": return Mount(place: place, shown: shown, options: [])
      case "cgroup":
        return Mount(
          place: place,
          shown: shown,
          options: Set(fields[dash + 3].split(separator: ",").map(String.init))
        )
      default: return nil
      }
    }
  }
}
