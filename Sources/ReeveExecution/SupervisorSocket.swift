import Glibc

/// Finding a node's supervisor, and starting it.
enum SupervisorSocket {
  /// A connection to the supervisor of `directory`; nil if there is none.
  static func open(in directory: String) throws(SupervisorError) -> Int32? {
    // By way of the open directory, as its path may be longer than a socket's address can be.
    let place = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard place >= 0 else { throw .cannotConnect(directory: directory, errno: errno) }
    defer { close(place) }
    let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard file >= 0 else { throw .cannotConnect(directory: directory, errno: errno) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.copyBytes(from: "/proc/self/fd/\(place)/spawn.sock".utf8)
    }
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected != 0 else {
      var size: Int32 = 1 << 20
      setsockopt(file, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
      return file
    }
    let reason = errno
    close(file)
    guard reason == ENOENT || reason == ECONNREFUSED else {
      throw .cannotConnect(directory: directory, errno: reason)
    }
    return nil
  }

  /// Starts a supervisor and waits until it listens; it leaves this process's session and descriptors by itself.
  ///
  /// That another one has started meanwhile is no failure: the caller's next try finds that one.
  static func start(
    _ executable: String,
    directory: String,
    until deadline: ContinuousClock.Instant
  ) throws(SupervisorError) {
    var arguments: [UnsafeMutablePointer<CChar>?] = []
    for argument in [executable, "--directory", directory] { arguments.append(strdup(argument)) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var pid: pid_t = 0
    let failed = posix_spawn(&pid, executable, nil, nil, &arguments, environ)
    guard failed == 0 else {
      throw .cannotStart(executable: executable, reason: String(cString: strerror(failed)))
    }
    // It goes on as a daemon, and what was started here exits once that is ready.
    var status: Int32 = 0
    while waitpid(pid, &status, WNOHANG) == 0 {
      guard ContinuousClock.now < deadline else { return }
      usleep(1_000)
    }
    if status & 0xFF00 == 127 << 8 { throw .cannotStart(executable: executable, reason: "it is no program") }
  }
}
