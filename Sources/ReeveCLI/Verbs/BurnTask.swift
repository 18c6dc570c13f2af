import ArgumentParser
import Glibc
import ReeveOutput

/// One task of a workflow: burns cpu time and writes files of given sizes.
///
/// Every task is a process of this program, so it does without the parser and without threads. It is listed as a verb
/// only so that a mistyped one is explained.
struct BurnTask: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task",
    abstract: "One task of a workflow.",
    shouldDisplay: false
  )

  @Option(help: "Seconds of cpu time to burn.") var cpu = 0.0
  @Option(help: "Bytes of a file output-K to write; may be repeated.") var write: [Int] = []

  func run() throws { throw ExitCode(Self.burn(cpu, writing: write)) }

  /// - Returns: `nil` where the arguments are something else's.
  static func perform(_ arguments: [String]) -> Int32? {
    guard arguments.count >= 3, arguments[1] == "workflow", arguments[2] == "task" else { return nil }
    var seconds = 0.0
    var sizes: [Int] = []
    var rest = arguments[3...]
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else { return nil }
      if option == "--cpu", let number = Double(value) {
        seconds = number
      } else if option == "--write", let size = Int(value), size >= 0 {
        sizes.append(size)
      } else {
        return nil
      }
    }
    return burn(seconds, writing: sizes)
  }

  private static func burn(_ seconds: Double, writing sizes: [Int]) -> Int32 {
    for (k, size) in sizes.enumerated() where !write(size, to: "output-\(k)") {
      perror("reeve: output-\(k) cannot be written")
      return 1
    }
    // Of the whole process: what starting cost is part of what it burns.
    var x: UInt64 = 88_172_645_463_325_252
    while cpuSeconds < seconds {
      for _ in 0..<4_096 {
        x ^= x << 13
        x ^= x >> 7
        x ^= x << 17
      }
    }
    // Nobody may find that the loop had no purpose.
    return x == 0 ? 1 : 0
  }

  private static var cpuSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func write(_ size: Int, to path: String) -> Bool {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { return false }
    defer { close(file) }
    let block = [UInt8](repeating: 0x2e, count: min(size, 1 << 18))
    var left = size
    while left > 0 {
      let count = Glibc.write(file, block, min(left, block.count))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      left -= count
    }
    return true
  }
}
