import Foundation
import Glibc
import ReeveExecution
import Testing

@Suite struct `Slots are used again while nothing was written` {
  @Test func `an untouched slot comes back first`() async throws {
    try await TestNode.run { node in
      var pool = try SlotPool(directory: node.directory, inUse: [])
      let first = try pool.take()
      let second = try pool.take()
      #expect(first.path == "slots/0" && second.path == "slots/1")
      for name in ["work", "stdout", "stderr"] {
        #expect(access("\(node.directory)/slots/0/\(name)", F_OK) == 0)
      }
      #expect(try pool.giveBack(first, end: false, keepAs: "t", attempt: "1") == nil)
      #expect(try pool.take() == first)
    }
  }

  @Test func `a touched slot is kept under its task's name and made anew`() async throws {
    try await TestNode.run { node in
      var pool = try SlotPool(directory: node.directory, inUse: [])
      let slot = try pool.take()
      write("hello", to: "\(node.directory)/\(slot.path)/stdout")
      #expect(try pool.giveBack(slot, end: true, keepAs: "job/7", attempt: "1.2") == "tasks/job%2F7/1.2")
      #expect(node.text("tasks/job%2F7/1.2/stdout") == "hello")
      #expect(try pool.take() == slot)
      #expect(node.text("slots/0/stdout").isEmpty)
      write("again", to: "\(node.directory)/\(slot.path)/stdout")
      // The same name a second time, as after a crash between the two halves.
      #expect(try pool.giveBack(slot, end: true, keepAs: "job/7", attempt: "1.2") == "tasks/job%2F7/1.2.1")
    }
  }

  @Test(arguments: ["..", ".", "", "a/../../b", String(repeating: "ü", count: 500), "-rf", "x\0y", "a b"])
  func `any name is a name of one directory below tasks`(_ name: String) async throws {
    try await TestNode.run { node in
      var pool = try SlotPool(directory: node.directory, inUse: [])
      let place = try #require(try pool.giveBack(try pool.take(), end: true, keepAs: name, attempt: name))
      #expect(place.split(separator: "/", omittingEmptySubsequences: false).count == 3)
      #expect(access("\(node.directory)/\(place)/work", F_OK) == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(node.directory)/tasks").count == 1)
    }
  }

  @Test func `what earlier processes left is free, in use or an orphan`() async throws {
    try await TestNode.run { node in
      var earlier = try SlotPool(directory: node.directory, inUse: [])
      let slots = try (0..<4).map { _ in try earlier.take() }
      write("lost", to: "\(node.directory)/slots/1/work/file")
      write("mine", to: "\(node.directory)/slots/2/stdout")
      var pool = try SlotPool(directory: node.directory, inUse: [slots[2]])
      #expect(node.text("tasks/orphan-1/work/file") == "lost")
      #expect(node.text("slots/2/stdout") == "mine")
      let taken = try (0..<4).map { _ in try pool.take().number }
      #expect(taken.sorted() == [0, 1, 3, 4])
      #expect(Slot(path: "slots/12") == Slot(number: 12))
      #expect(Slot(path: "elsewhere/12") == nil)
    }
  }

  @Test func `output is read in parts, from running attempts and kept ones`() async throws {
    try await TestNode.run { node in
      var pool = try SlotPool(directory: node.directory, inUse: [])
      let log = OutputLog(directory: node.directory)
      let slot = try pool.take()
      let text = String(repeating: "0123456789", count: 1_000)
      write(text, to: "\(node.directory)/\(slot.path)/stdout")
      #expect(log.size(of: .stdout, at: .slot(slot)) == 10_000)
      #expect(try log.read(.stdout, at: .slot(slot), from: 9_995, atMost: 100) == Array("56789".utf8))
      #expect(try log.read(.stdout, at: .slot(slot), from: 20_000, atMost: 100).isEmpty)
      try pool.giveBack(slot, end: true, keepAs: "t", attempt: "a")
      let kept = OutputLog.Place.kept(task: "t", attempt: "a")
      #expect(try log.read(.stdout, at: kept, from: 3, atMost: 4) == Array("3456".utf8))
      #expect(try log.tail(.stdout, at: kept) == Array(text.utf8.suffix(4096)))
      #expect(try log.tail(.stderr, at: kept).isEmpty)
      #expect(try log.tail(.stdout, at: .kept(task: "t", attempt: "silent")).isEmpty)
    }
  }

  @Test func `what a task is told is lines of a file, and none of them is left for the next`() async throws {
    try await TestNode.run { node in
      var pool = try SlotPool(directory: node.directory, inUse: [])
      let slot = try pool.take()
      try slot.tell(Array("one".utf8), in: node.directory)
      try slot.tell(Array("two".utf8), in: node.directory)
      #expect(node.text(slot.messages) == "one\ntwo\n")
      // Told after its end, of which the supervisor said that nothing was written before it.
      try pool.giveBack(slot, end: false, keepAs: "t", attempt: "1")
      #expect(try pool.take() == slot)
      #expect(access("\(node.directory)/\(slot.messages)", F_OK) != 0)
    }
  }

  @Test func `what a task is told stays in its sandbox, and waits for no reader`() async throws {
    try await TestNode.run { node in
      var pool = try SlotPool(directory: node.directory, inUse: [])
      let slot = try pool.take()
      write("mine", to: "\(node.directory)/elsewhere")
      #expect(symlink("\(node.directory)/elsewhere", "\(node.directory)/\(slot.messages)") == 0)
      #expect(throws: FileError.self) { try slot.tell([1], in: node.directory) }
      #expect(node.text("elsewhere") == "mine")
      unlink("\(node.directory)/\(slot.messages)")
      #expect(mkfifo("\(node.directory)/\(slot.messages)", 0o600) == 0)
      #expect(throws: FileError.self) { try slot.tell([1], in: node.directory) }
    }
  }

  private func write(_ text: String, to path: String) {
    #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8)))
  }
}
