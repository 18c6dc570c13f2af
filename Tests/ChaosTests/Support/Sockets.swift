import Foundation
import Glibc

/// Sockets of the loopback device.
enum Sockets {
  /// Listens on a free port.
  static func listen() throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0, bindLoopback(descriptor, port: 0), Glibc.listen(descriptor, 128) == 0 else {
      throw ChaosError("cannot listen: \(String(cString: strerror(errno)))")
    }
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    return (descriptor, Int(in_port_t(bigEndian: address.sin_port)))
  }

  /// Ports that nobody has, and that the kernel gives to nobody who asks for any: a role that is away keeps its own.
  static func freePorts(_ count: Int) -> [Int] {
    var ports: [Int] = []
    while ports.count < count {
      let port = Int.random(in: 12_000..<32_000)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { Glibc.close(descriptor) }
      if !ports.contains(port), bindLoopback(descriptor, port: port) { ports.append(port) }
    }
    return ports
  }

  static func connect(to port: Int) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    let result = withLoopback(port: port) {
      Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
    guard result == 0 else {
      Glibc.close(descriptor)
      return nil
    }
    setNoDelay(descriptor)
    return descriptor
  }

  /// The next connection, and the port that it comes from.
  static func accept(_ listener: Int32) -> (descriptor: Int32, port: Int)? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.accept(listener, $0, &length)
      }
    }
    guard descriptor >= 0 else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    setNoDelay(descriptor)
    return (descriptor, Int(in_port_t(bigEndian: address.sin_port)))
  }

  /// Ends a connection as a closed port does.
  static func reset(_ descriptor: Int32) {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    Glibc.close(descriptor)
  }

  static func isReadable(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, milliseconds) > 0
  }

  /// Whether its other end has closed it.
  static func hasHungUp(_ descriptor: Int32) -> Bool {
    let hangUp = Int16(0x2000)  // POLLRDHUP, which the module map leaves out
    var entry = pollfd(fd: descriptor, events: hangUp, revents: 0)
    return poll(&entry, 1, 0) > 0 && entry.revents & (hangUp | Int16(POLLHUP) | Int16(POLLERR)) != 0
  }

  static func sendAll(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Which of these processes has the socket of a port of this machine.
  static func owner(ofPort port: Int, among pids: [pid_t]) -> pid_t? {
    // Not `contents(atPath:)`: of a file that says it is empty that gives one page.
    let file = FileHandle(forReadingAtPath: "/proc/self/net/tcp")
    defer { try? file?.close() }
    let table = (try? file?.readToEnd()) ?? Data()
    let wanted = "0100007F:" + String(format: "%04X", port)
    for line in String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst() {
      let words = line.split(separator: " ")
      guard words.count > 9, words[1] == wanted else { continue }
      return pids.first { holds(socket: String(words[9]), $0) }
    }
    return nil
  }

  private static func holds(socket inode: String, _ pid: pid_t) -> Bool {
    let folder = "/proc/\(pid)/fd"
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).contains { name in
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")) == "socket:[\(inode)]"
    }
  }

  private static func setNoDelay(_ descriptor: Int32) {
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func bindLoopback(_ descriptor: Int32, port: Int) -> Bool {
    withLoopback(port: port) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) } == 0
  }

  private static func withLoopback(port: Int, _ body: (UnsafePointer<sockaddr>) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
    }
  }
}

struct ChaosError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
