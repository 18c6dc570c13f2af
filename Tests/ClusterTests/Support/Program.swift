import Foundation
import Glibc
import Synchronization

/// How a program ended, and all that it said.
struct Ended {
  /// Its exit code; 128 + n where signal n ended it.
  var status: Int32
  var output: [UInt8]
  var stderr: String

  var stdout: String { String(decoding: output, as: UTF8.self) }

  /// What `--json` printed.
  func decoded<T: Decodable>(_ type: T.Type = T.self) throws -> T {
    do {
      return try JSONDecoder().decode(T.self, from: Data(output))
    } catch {
      throw TestFailure("ended with \(status) and said no JSON (\(error)): \(stdout.prefix(2_000)) \(stderr)")
    }
  }

  /// The names of the fields of one object, or of each of a list's objects, in no order.
  func fieldNames() throws -> [Set<String>] {
    let value = try JSONSerialization.jsonObject(with: Data(output))
    let objects = value as? [[String: Any]] ?? (value as? [String: Any]).map { [$0] }
    guard let objects else { throw TestFailure("neither an object nor a list of them: \(stdout)") }
    return objects.map { Set($0.keys) }
  }
}

struct TestFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A program that a test started. Its output goes to files, so that it never waits for a reader.
final class Program: Sendable {
  let pid: pid_t
  private let name: String
  private let files: String
  private let status = Mutex<Int32?>(nil)

  /// - Parameters:
  ///   - path: the program.
  ///   - arguments: without its name.
  ///   - environment: all of it.
  ///   - files: where its output goes, as `FILES.out` and `FILES.err`.
  /// - Throws: if it cannot be started.
  init(_ path: String, _ arguments: [String], environment: [String: String], files: String) throws {
    name = ([path.split(separator: "/").last.map(String.init) ?? path] + arguments).joined(separator: " ")
    self.files = files
    Self.keepDescriptors()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let create = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "\(files).out", create, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "\(files).err", create, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))
    let words = ([path] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + variables { free(word) } }
    var pid: pid_t = 0
    let error = posix_spawn(&pid, path, &actions, &attributes, words, variables)
    guard error == 0 else {
      throw TestFailure("\(path) cannot be started: \(String(cString: strerror(error)))")
    }
    self.pid = pid
  }

  /// Descriptors of other tests are none of a program's business, least of all pipes that tell of a death.
  private static func keepDescriptors() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
      if let descriptor = Int32(name), descriptor > 2 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    }
  }

  /// What it has said so far.
  var output: [UInt8] { Array(FileManager.default.contents(atPath: "\(files).out") ?? Data()) }
  var stdout: String { String(decoding: output, as: UTF8.self) }
  var stderr: String {
    String(decoding: FileManager.default.contents(atPath: "\(files).err") ?? Data(), as: UTF8.self)
  }

  func send(_ signal: Int32) { if !hasEnded { kill(pid, signal) } }

  var hasEnded: Bool {
    status.withLock { status in
      if status != nil { return true }
      var raw: Int32 = 0
      guard waitpid(pid, &raw, WNOHANG) == pid else { return false }
      status = raw & 0x7f == 0 ? raw >> 8 & 0xff : 128 + raw & 0x7f
      return true
    }
  }

  /// Waits for its end. One that takes longer than `limit` is killed, and the test fails.
  func end(within limit: Duration = .seconds(60)) async throws -> Ended {
    let deadline = ContinuousClock.now + limit
    do {
      while !hasEnded {
        guard ContinuousClock.now < deadline else {
          throw TestFailure(
            "\(name): not ended after \(limit); it said: \(stdout.suffix(500)) \(stderr.suffix(2_000))"
          )
        }
        try await Task.sleep(for: .milliseconds(3))
      }
    } catch {
      endNow()
      throw error
    }
    return Ended(status: status.withLock { $0 } ?? 0, output: output, stderr: stderr)
  }

  /// Kills it, and waits for that.
  func endNow() {
    send(SIGKILL)
    while !hasEnded { usleep(1_000) }
  }

  /// Waits until it has said `text` on its standard output.
  func says(_ text: String, within limit: Duration = .seconds(30)) async throws {
    try await waitUntil("\(name) says \(text)", within: limit) {
      if stdout.contains(text) { return true }
      guard !hasEnded else { throw TestFailure("\(name) ended without saying \(text): \(stdout) \(stderr)") }
      return false
    }
  }
}

func waitUntil(
  _ what: String,
  within limit: Duration = .seconds(30),
  _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < deadline else {
      throw TestFailure("waited for \(limit) in vain until \(what)")
    }
    try await Task.sleep(for: .milliseconds(10))
  }
}
