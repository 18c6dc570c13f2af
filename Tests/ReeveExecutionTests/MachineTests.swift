import Foundation
import ReeveExecution
import Testing

@Suite struct `A machine is what a process may use of it` {
  @Test func `this machine has something of everything`() throws {
    let machine = try Machine.discover(directory: "/tmp")
    #expect(machine.cpuMillis > 0 && machine.cpuMillis <= ProcessInfo.processInfo.processorCount * 1000)
    #expect(machine.memoryBytes > 100 << 20)
    #expect(machine.diskBytes > 0)
    #expect(machine.bootID.count == 36)
    #expect(!machine.hostname.isEmpty)
  }

  @Test func `limits of version 2 count from the group up to the root`() async throws {
    try await TestNode.run { node in
      let files = [
        "proc/self/cgroup": "0::/a/b\n",
        "proc/self/mountinfo": "30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n",
        "sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
        "sys/fs/cgroup/a/cpu.max": "350000 100000\n",
        "sys/fs/cgroup/a/b/memory.max": "1073741824\n",
        "sys/fs/cgroup/a/memory.max": "max\n",
      ]
      let machine = try discover(node, files)
      #expect(machine.cpuMillis == 3_500)
      #expect(machine.memoryBytes == 1 << 30)
      #expect(machine.bootID == "b-o-o-t")
      #expect(machine.hostname == "n-17")
    }
  }

  @Test func `limits of version 1 are found where the controllers are mounted`() async throws {
    try await TestNode.run { node in
      let files = [
        "proc/self/cgroup": "4:memory:/docker/x\n2:cpu,cpuacct:/docker/x\n0::/\n",
        "proc/self/mountinfo": """
        30 24 0:26 /docker/x /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
        31 24 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
        """,
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "150000\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        "sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes": "2147483648\n",
      ]
      let machine = try discover(node, files)
      #expect(machine.cpuMillis == 1_500)
      #expect(machine.memoryBytes == 2 << 30)
    }
  }

  @Test func `without limits all of the machine counts`() async throws {
    try await TestNode.run { node in
      let machine = try discover(node, [:])
      #expect(machine.cpuMillis == 6_000)
      #expect(machine.memoryBytes == 16_000_000 << 10)
    }
  }

  /// A machine of 8 cpus, of which 6 may be used, and 16 GB.
  private func discover(_ node: TestNode, _ files: [String: String]) throws -> Machine {
    let machine = [
      "proc/meminfo": "MemTotal:       16000000 kB\nMemFree: 1 kB\n",
      "proc/self/status": "Name:\tagent\nCpus_allowed:\tff\nCpus_allowed_list:\t0-4,7,9\n",
      "sys/devices/system/cpu/online": "0-7\n",
      "proc/sys/kernel/random/boot_id": "b-o-o-t\n",
      "proc/sys/kernel/hostname": "n-17\n",
    ]
    for (path, text) in files.merging(machine, uniquingKeysWith: { first, _ in first }) {
      let file = URL(fileURLWithPath: "\(node.directory)/\(path)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(),
        withIntermediateDirectories: true
      )
      try Data(text.utf8).write(to: file)
    }
    return try Machine.discover(directory: node.directory, root: node.directory)
  }
}
