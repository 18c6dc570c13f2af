import Glibc

/// What this machine has for tasks, as far as this process may use it.
package struct Machine: Equatable, Sendable {
  /// Thousandths of a cpu: those this process may run on, or its cgroup's quota if that is less.
  package var cpuMillis: Int
  /// The machine's memory, or the cgroup's limit if that is less.
  package var memoryBytes: UInt64
  /// What is available on the file system of the node's directory.
  package var diskBytes: UInt64
  /// Changes with every boot: pids mean something only together with it.
  package var bootID: String
  package var hostname: String

  /// - Parameters:
  ///   - directory: a directory on the file system whose room counts.
  ///   - root: where `proc` and `sys` are.
  /// - Returns: what was found; without a readable limit there is none.
  /// - Throws: if the memory or the disk cannot be told.
  package static func discover(directory: String, root: String = "") throws(FileError) -> Machine {
    let groups = ControlGroups(root: root)
    let allowed = allowedCPUs(root) * 1000
    let memory = try memoryTotal(root)
    return Machine(
      cpuMillis: max(1, min(allowed, groups.cpuMillis ?? allowed)),
      memoryBytes: min(memory, groups.memoryBytes ?? memory),
      diskBytes: try availableBytes(in: directory),
      bootID: trimmed(Files.text("\(root)/proc/sys/kernel/random/boot_id") ?? ""),
      hostname: trimmed(Files.text("\(root)/proc/sys/kernel/hostname") ?? "localhost")
    )
  }

  /// What an unprivileged process can still write there.
  package static func availableBytes(in directory: String) throws(FileError) -> UInt64 {
    var found = statvfs()
    guard statvfs(directory, &found) == 0 else {
      throw FileError(action: "ask for the room in \(directory)", errno: errno)
    }
    return UInt64(found.f_bavail) * UInt64(found.f_frsize)
  }

  /// The cpus that are both in this process's affinity and online.
  ///
  /// From the kernel's files, as the C library's call is out of Swift's sight.
  private static func allowedCPUs(_ root: String) -> Int {
    let status = (Files.text("\(root)/proc/self/status") ?? "").split(separator: "\n")
    let line = status.first { $0.hasPrefix("Cpus_allowed_list:") }
    let allowed = line.map { numbers($0.drop { $0 != ":" }.dropFirst()) }
    let online = Files.text("\(root)/sys/devices/system/cpu/online").map { numbers($0[...]) }
    guard let usable = allowed.map({ $0.intersection(online ?? $0) }) ?? online, !usable.isEmpty else {
      return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }
    return usable.count
  }

  /// A list as the kernel writes it: `0-3,8`.
  private static func numbers(_ list: Substring) -> Set<Int> {
    var result: Set<Int> = []
    for part in list.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      let ends = part.split(separator: "-").compactMap { Int($0) }
      if let first = ends.first, let last = ends.last, first <= last { result.formUnion(first...last) }
    }
    return result
  }

  private static func memoryTotal(_ root: String) throws(FileError) -> UInt64 {
    for line in (Files.text("\(root)/proc/meminfo") ?? "").split(separator: "\n")
    where line.hasPrefix("MemTotal:") {
      if let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ UInt64($0) }) {
        return kibibytes << 10
      }
    }
    throw FileError(action: "read MemTotal in \(root)/proc/meminfo", errno: EINVAL)
  }
}

private func trimmed(_ text: String) -> String { String(text.prefix { $0 != "\n" }) }
