import Glibc

/// Cpu seconds of a process, its own and those of children that it has waited for.
struct ProcessTimes: Sendable {
  var own = 0.0
  var children = 0.0

  /// Zero for a process that is gone.
  init(of pid: pid_t) {
    guard let fields = Self.stat(pid), fields.count > 14 else { return }
    let tick = Double(sysconf(Int32(_SC_CLK_TCK)))
    let times = fields[11...14].map { (Double($0) ?? 0) / tick }
    own = times[0] + times[1]
    children = times[2] + times[3]
  }

  private init() {}

  static func total(of pids: [pid_t]) -> ProcessTimes {
    pids.reduce(into: ProcessTimes()) { sum, pid in
      let times = ProcessTimes(of: pid)
      sum.own += times.own
      sum.children += times.children
    }
  }

  static func - (a: ProcessTimes, b: ProcessTimes) -> ProcessTimes {
    var difference = a
    difference.own -= b.own
    difference.children -= b.children
    return difference
  }

  /// The pids of a process's children, by the first argument of each.
  static func children(of parent: pid_t) -> [(role: String, pid: pid_t)] {
    guard let directory = opendir("/proc") else { return [] }
    defer { closedir(directory) }
    var found: [(String, pid_t)] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let pid = pid_t(name), let fields = stat(pid), fields.count > 1, pid_t(fields[1]) == parent,
        let arguments = readSmallFile("/proc/\(pid)/cmdline")?.split(separator: "\0"), arguments.count > 1
      else { continue }
      found.append((String(arguments[1]), pid))
    }
    return found
  }

  /// What stands behind the program's name, which may hold anything.
  private static func stat(_ pid: pid_t) -> [Substring]? {
    guard let text = readSmallFile("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    return text[text.index(after: end)...].split(separator: " ")
  }
}

/// The first 64 KiB of a file.
func readSmallFile(_ path: String) -> String? {
  guard let file = fopen(path, "re") else { return nil }
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 64 << 10)
  let count = fread(&bytes, 1, bytes.count, file)
  return String(decoding: bytes[..<count], as: UTF8.self)
}
