import Foundation
import GRPCCore
import Glibc
import ReeveWire
import Testing

extension ClusterTests {
  @Suite("Strangers", .timeLimit(.minutes(2))) struct StrangerTests {
    /// Every port of the cluster: the master's, the rack's and the node's.
    private func ports(_ cluster: TemporaryCluster) async throws -> [Int] {
      struct Place: Decodable { var address: String }
      let racks: [Place] = try await cluster.reeve("racks", "--json").decoded()
      let nodes: [Place] = try await cluster.reeve("nodes", "--json").decoded()
      return try [API.port(cluster.address)] + (racks + nodes).map { try API.port($0.address) }
    }

    private func works(_ cluster: TemporaryCluster, _ pids: [pid_t]) async throws {
      #expect(try await cluster.reeve("run", "--", "echo", "well").stdout == "well\n")
      #expect(pids.allSatisfy(Processes.isAlive), "nobody died of it")
    }

    private func pids(_ cluster: TemporaryCluster) throws -> [pid_t] {
      try ["master", "rack", "agent"].map { try cluster.pid($0) }
    }

    /// How a call fails; `nil` where it does not.
    private func failure(_ body: () async throws -> Void) async -> RPCError? {
      do {
        try await body()
        return nil
      } catch {
        return error as? RPCError
      }
    }

    @Test func `a call without a token is unauthenticated at every port`() async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let pids = try pids(cluster)
        for port in try await ports(cluster) {
          for token in [nil, "", "0123456789abcdef0123456789abcdef"] {
            let error = await failure {
              try await withGRPC(port, token: token) { client in
                _ = try await Reeve_V1_Scheduler.Client(wrapping: client).ask(Reeve_V1_Query())
              }
            }
            // Who does not serve this call says so only to those who may know.
            #expect([.unauthenticated, .unimplemented].contains(error?.code), "\(port): \(error as Any)")
          }
        }
        let error = await failure {
          try await withGRPC(try API.port(cluster.address)) { client in
            _ = try await Reeve_V1_Scheduler.Client(wrapping: client).ask(Reeve_V1_Query())
          }
        }
        #expect(error?.code == .unauthenticated)
        try await works(cluster, pids)
      }
    }

    @Test func `garbage and oversized frames end only their own connection`() async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let pids = try pids(cluster)
        let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
        let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
        let oversized: [UInt8] = [0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1] + [UInt8](repeating: 7, count: 100_000)
        var random = SystemRandomNumberGenerator()
        let noise = (0..<50_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        for port in try await ports(cluster) {
          for bytes in [
            noise, Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), preface + noise,
            preface + settings + oversized,
          ] {
            #expect(try await isClosed(after: bytes, to: port), "port \(port), \(bytes.prefix(30))")
          }
        }
        try await works(cluster, pids)
      }
    }

    @Test func `a message too large for anybody is refused`() async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let pids = try pids(cluster)
        let token = cluster.text("data/token").trimmingCharacters(in: .whitespacesAndNewlines)
        let error = await failure {
          try await withGRPC(try API.port(cluster.address), token: token) { client in
            var request = Reeve_V1_SubmitRequest()
            request.job.name = String(repeating: "x", count: 70 << 20)
            _ = try await Reeve_V1_Scheduler.Client(wrapping: client).submit(request)
          }
        }
        // The transport's own word for it: the stream is reset before it is read.
        #expect([.resourceExhausted, .unavailable].contains(error?.code), "\(error as Any)")
        try await works(cluster, pids)
      }
    }

    @Test func `a stream that does not begin as it should is ended`() async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let pids = try pids(cluster)
        let token = cluster.text("data/token").trimmingCharacters(in: .whitespacesAndNewlines)
        let ports = try await ports(cluster)
        var up = Reeve_V1_RackUp()
        up.heartbeat = Reeve_V1_Heartbeat()
        let rack = await failure {
          try await withGRPC(ports[0], token: token) { [up] client in
            try await Reeve_V1_RackSession.Client(wrapping: client).open(
              requestProducer: { [up] in try await $0.write(up) },
              onResponse: { response in for try await _ in response.messages {} }
            )
          }
        }
        #expect(rack?.code == .invalidArgument, "\(rack as Any)")
        var nodeUp = Reeve_V1_NodeUp()
        nodeUp.heartbeat = Reeve_V1_Heartbeat()
        let node = await failure {
          try await withGRPC(ports[1], token: token) { [nodeUp] client in
            try await Reeve_V1_NodeSession.Client(wrapping: client).open(
              requestProducer: { [nodeUp] in try await $0.write(nodeUp) },
              onResponse: { response in for try await _ in response.messages {} }
            )
          }
        }
        #expect(node?.code == .invalidArgument, "\(node as Any)")
        try await works(cluster, pids)
      }
    }

    /// All in order as messages, and of nothing that there is.
    @Test func `a rack that tells of what cannot be harms nobody`() async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let pids = try pids(cluster)
        var hello = Reeve_V1_RackUp()
        hello.hello.`protocol` = 1
        hello.hello.rack = "stranger"
        hello.hello.address = "127.0.0.1:1"
        hello.hello.incarnation = .max
        let most: UInt64 = 1 << 62 - 1
        var report = Reeve_V1_RackReport()
        report.countedIn = most
        (report.waiting.attempts, report.waiting.tasks) = ([.max, .max], [most, 0])
        (report.returned.attempts, report.returned.tasks) = ([.max, 0], [most, most])
        (report.lost.attempts, report.lost.tasks, report.lost.nodes) = ([.max], [most], [.max])
        (report.running.attempts, report.running.tasks) = ([.max, .max], [most, most])
        (report.running.nodes, report.running.startedMicros) = ([.max, 0], [0, 1 << 57])
        (report.ends.attempts, report.ends.tasks, report.ends.nodes) = ([.max], [most], [.max])
        (report.ends.reasons, report.ends.statuses) = ([0], [.min])
        (report.ends.startedMicros, report.ends.endedMicros) = ([1 << 57], [0])
        report.offer.total = Reeve_V1_Resources()
        report.offer.free.memory = -1 << 58
        var fit = Reeve_V1_ShapeFit()
        (fit.shape, fit.fits, fit.waiting) = (.max, .max, .max)
        report.offer.fits = [fit, fit]
        var state = Reeve_V1_NodeState()
        (state.number, state.state, state.running) = (.max, "up", .max)
        report.nodes = [state, state]
        var (statement, difference) = (Reeve_V1_RackUp(), Reeve_V1_RackUp())
        (statement.statement, difference.report) = (report, report)
        let messages = [hello, statement, difference, difference]
        try await API.run(cluster) { try await $0.open(rack: messages) }
        try await works(cluster, pids)
      }
    }

    /// Racks come to be with the nodes that name them, and stay in the journal.
    @Test func `a name that is none makes no rack`() async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let token = cluster.text("data/token").trimmingCharacters(in: .whitespacesAndNewlines)
        for (node, rack) in [
          ("n", String(repeating: "x", count: 257)), ("n", "a\nb"), ("n", " "), ("a/b", "r"), ("", "r"),
        ] {
          let error = await failure {
            try await withGRPC(try API.port(cluster.address), token: token) { client in
              var request = Reeve_V1_LocateRequest()
              (request.node, request.rack) = (node, rack)
              _ = try await Reeve_V1_Directory.Client(wrapping: client).locate(request)
            }
          }
          #expect(error?.code == .invalidArgument, "\(node.prefix(9)), \(rack.prefix(9)): \(error as Any)")
        }
        for arguments in [
          ["rack", "--name", "a", "--name", "a"], ["rack", "--name", ""],
          ["agent", "--name", "n", "--rack", "a b"],
        ] {
          let ended = try await cluster.reeve(arguments)
          #expect(ended.status == 2 && ended.stderr.contains("--"), "\(arguments): \(ended)")
        }
        #expect(try await cluster.reeve("racks", "-o", "name").stdout == "rack-0\n")
      }
    }

    /// A process may serve another rack at the address that a node was given for its own: taken in there, all that runs on it
    /// would be given up.
    @Test func `a node that was sent to another rack is turned away`() async throws {
      try await TemporaryCluster.run(nodes: 1) { cluster in
        let token = cluster.text("data/token").trimmingCharacters(in: .whitespacesAndNewlines)
        let id = cluster.text("data/master/cluster").trimmingCharacters(in: .whitespacesAndNewlines)
        let bytes = try #require(UInt128(id, radix: 16)).bigEndian
        let port = try await ports(cluster)[1]
        func answer(toRack rack: UInt32) async -> RPCError? {
          var up = Reeve_V1_NodeUp()
          up.statement.`protocol` = 1
          up.statement.cluster = withUnsafeBytes(of: bytes) { Data($0) }
          up.statement.node = 9
          up.statement.name = "stranger"
          up.statement.address = "127.0.0.1:1"
          up.statement.rack = rack
          return await failure {
            try await withGRPC(port, token: token) { [up] client in
              try await Reeve_V1_NodeSession.Client(wrapping: client).open(
                requestProducer: { [up] in
                  try await $0.write(up)
                  try await Task.sleep(for: .seconds(1))
                },
                onResponse: { response in for try await _ in response.messages {} }
              )
            }
          }
        }
        let wrong = await answer(toRack: 2)
        #expect(wrong?.code == .unavailable && wrong?.message.contains("does not serve rack 2") == true)
        #expect(await answer(toRack: 1) == nil)
      }
    }

    @Test(arguments: ["master", "rack", "agent", "up"])
    func `nobody listens where other machines reach it, unless told that this is safe`(verb: String)
      async throws
    {
      try await TemporaryCluster.prepare { cluster in
        let token = try cluster.write("0123456789abcdef0123456789abcdef\n", to: "token")
        chmod(token, 0o600)
        let place = ["--name", "x", "--master", "127.0.0.1:1", "--token-file", token]
        let more = ["master": ["--data", cluster.data], "up": ["--data", cluster.data]][verb] ?? place
        for address in ["0.0.0.0:0", "[::]:0"] {
          let ended = try await cluster.reeve([verb, "--address", address] + more)
          #expect(ended.status == 5 && ended.stderr.contains("--insecure"), "\(address): \(ended)")
        }
      }
    }

    /// Whether the other end closes the connection after these bytes.
    private func isClosed(after bytes: [UInt8], to port: Int) async throws -> Bool {
      let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(socket) }
      var place = sockaddr_in()
      place.sin_family = sa_family_t(AF_INET)
      place.sin_port = in_port_t(port).bigEndian
      place.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
      let status = withUnsafePointer(to: &place) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard status == 0 else { throw TestFailure("nobody listens at \(port)") }
      _ = bytes.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      var isClosed = false
      try? await waitUntil("the connection is closed", within: .seconds(10)) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        isClosed = count == 0 || count < 0 && errno != EAGAIN
        return isClosed
      }
      return isClosed
    }
  }
}
