import Foundation
import Glibc
import Synchronization

/// A TCP proxy that cuts what goes through it, to order.
///
/// Where several peers share one, each connection is known by whose it is, and each peer has a rule of its own.
final class Proxy: Sendable {
  private struct State {
    var rules: [String: Cut] = [:]
    var connections: [ProxyConnection] = []
    var isClosed = false
  }

  let port: Int
  private let listener: Int32
  private let upstream: Int
  private let identify: @Sendable (_ port: Int) -> String
  private let state = Mutex(State())

  /// - Parameters:
  ///   - upstream: the port of this machine that it leads to.
  ///   - identify: whose connection it is that comes from a port of this machine.
  /// - Throws: if it cannot listen.
  init(to upstream: Int, identify: @escaping @Sendable (Int) -> String = { _ in "" }) throws {
    self.upstream = upstream
    self.identify = identify
    (listener, port) = try Sockets.listen()
    let thread = Thread { [self] in accept() }
    thread.stackSize = 1 << 18
    thread.start()
  }

  /// From now on the peer's connections are treated so; `nil` heals.
  func cut(_ peer: String = "", _ cut: Cut?) {
    let ending = state.withLock { state in
      state.connections.removeAll { $0.hasEnded }
      let own = state.connections.filter { $0.peer == peer }
      if state.rules[peer] == .swallow { for connection in own { connection.mute() } }
      switch cut {
      case .drop, .refuse:
        state.rules[peer] = cut == .refuse ? .refuse : nil
        return own
      case .mute: for connection in own { connection.mute() }
      default: state.rules[peer] = cut
      }
      return []
    }
    for connection in ending { connection.end() }
  }

  func close() {
    let all = state.withLock { state in
      state.isClosed = true
      return state.connections
    }
    for connection in all { connection.end() }
  }

  /// Whether nothing may come through in this direction now.
  func isStalled(_ peer: String, up: Bool) -> Bool {
    switch state.withLock({ $0.rules[peer] }) {
    case .stall, .swallow: true
    case .stallUp: up
    case .stallDown: !up
    default: false
    }
  }

  private func accept() {
    while !state.withLock({ $0.isClosed }) {
      guard Sockets.isReadable(listener, within: 50) else { continue }
      guard let (down, port) = Sockets.accept(listener) else { continue }
      let peer = identify(port)
      guard state.withLock({ $0.rules[peer] }) != .refuse, let up = Sockets.connect(to: upstream) else {
        Sockets.reset(down)
        continue
      }
      let connection = ProxyConnection(peer: peer, down: down, up: up)
      state.withLock { $0.connections.append(connection) }
      connection.start(through: self)
    }
    Glibc.close(listener)
  }
}

/// One connection through a proxy: two threads, one a direction.
final class ProxyConnection: Sendable {
  private struct State {
    var isMute = false
    var hasEnded = false
    var pumps = 2
  }

  let peer: String
  private let down: Int32
  private let up: Int32
  private let state = Mutex(State())

  init(peer: String, down: Int32, up: Int32) {
    (self.peer, self.down, self.up) = (peer, down, up)
  }

  var hasEnded: Bool { state.withLock { $0.hasEnded } }

  func mute() { state.withLock { $0.isMute = true } }

  func end() { state.withLock { $0.hasEnded = true } }

  func start(through proxy: Proxy) {
    for isUp in [true, false] {
      let thread = Thread { [self] in
        pump(isUp, proxy)
        leave()
      }
      thread.stackSize = 1 << 18
      thread.start()
    }
  }

  private func pump(_ isUp: Bool, _ proxy: Proxy) {
    let (from, to) = isUp ? (down, up) : (up, down)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let (isMute, hasEnded) = state.withLock { ($0.isMute, $0.hasEnded) }
      if hasEnded { return }
      if isMute || proxy.isStalled(peer, up: isUp) {
        // The end of a mute one is not told to the other side either; but it is no longer kept here.
        if isMute, Sockets.hasHungUp(from) { return forgetSilently() }
        usleep(10_000)
        continue
      }
      guard Sockets.isReadable(from, within: 20) else { continue }
      // A rule may have come meanwhile; what is not read stays in the kernel.
      if proxy.isStalled(peer, up: isUp) || state.withLock({ $0.isMute }) { continue }
      let count = recv(from, &buffer, buffer.count, 0)
      guard count > 0, Sockets.sendAll(to, buffer[..<count]) else { return end() }
    }
  }

  /// Waits for the other side to give up too, without a word to it.
  private func forgetSilently() {
    while !hasEnded, !(Sockets.hasHungUp(up) && Sockets.hasHungUp(down)) { usleep(50_000) }
  }

  private func leave() {
    let isLast = state.withLock { state in
      state.hasEnded = true
      state.pumps -= 1
      return state.pumps == 0
    }
    guard isLast else { return }
    for descriptor in [down, up] {
      // A child that is being started just now may hold it too.
      shutdown(descriptor, Int32(SHUT_RDWR))
      Glibc.close(descriptor)
    }
  }
}
