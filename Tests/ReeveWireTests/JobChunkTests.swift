import ReeveModel
import ReeveWire
import SwiftProtobuf
import Testing

@Suite("Wire: a large job in chunks")
struct JobChunkTests {
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `no chunk of tasks is longer than the limit, and the same job comes out`(_ seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let spec = dice.jobSpec(tasks: 0...2_000)
    let limit = dice.one(of: [700, 1_024, 10_000, 1 << 20])
    let chunks = spec.chunks(limit: limit)
    for chunk in chunks.dropFirst().dropLast() {
      let bytes: [UInt8] = try chunk.serializedBytes()
      #expect(bytes.count <= limit)
    }
    #expect(try stage(chunks) == spec)
  }

  @Test func `chunks are filled nearly to the limit`() throws {
    var dice = Dice(seed: 7)
    let spec = dice.jobSpec(tasks: 20_000...20_000)
    let whole: [UInt8] = try Reeve_V1_JobSpec(spec).serializedBytes()
    let chunks = spec.chunks(limit: 64 << 10)
    #expect(chunks.count - 2 <= whole.count * 2 / (64 << 10) + 1)
  }

  @Test func `a task longer than the limit goes alone`() throws {
    var spec = JobSpec(id: JobID("long"))
    spec.templates = [TaskTemplate(command: ["true"])]
    for length in [1, 5_000, 1] {
      spec.append(
        name: "t",
        template: 0,
        arguments: [String(repeating: "x", count: length)],
        after: [UInt32]()
      )
    }
    let chunks = spec.chunks(limit: 1_000)
    #expect(chunks.count == 5)
    #expect(try stage(chunks) == spec)
  }

  @Test func `a head may hold the first of the tasks`() throws {
    var dice = Dice(seed: 3, isFull: true)
    let spec = dice.jobSpec()
    let head = Reeve_V1_SubmitChunk.with { $0.head = Reeve_V1_JobSpec(spec) }
    let commit = Reeve_V1_SubmitChunk.with { $0.commit.tasks = UInt64(spec.entryCount) }
    #expect(try stage([head, commit]) == spec)
  }

  @Test func `a stream that lacks a part of the tasks has no job in it`() {
    for lacking in 1...3 {
      var chunks = sample
      chunks.remove(at: lacking)
      #expect(throws: WireError.self) { try stage(chunks) }
    }
  }

  @Test func `a stream without its commit has no job in it`() throws {
    #expect(try stage(sample.dropLast()) == nil)
  }

  @Test func `what comes out of order is refused`() {
    let chunks = sample
    #expect(refusal([chunks[1]]) == "tasks: came before the head of their job")
    #expect(refusal([chunks[chunks.count - 1]]) == "commit: came before the head of its job")
    #expect(refusal([chunks[0], chunks[0]]) == "head: a second head of one job")
    #expect(refusal(chunks + [chunks[1]]) == "a chunk after the end of the job")
    #expect(refusal([Reeve_V1_SubmitChunk()]) == "a chunk with nothing known in it")
  }

  @Test func `nothing more is taken after a refusal`() throws {
    var staging = JobStaging()
    _ = try staging.take(sample[0])
    #expect(throws: WireError.self) { _ = try staging.take(Reeve_V1_SubmitChunk()) }
    #expect(throws: WireError.self) { _ = try staging.take(sample[1]) }
  }

  @Test func `a job that is larger than the limit is refused while it comes`() {
    var staging = JobStaging(limit: 10_000)
    let error = #expect(throws: WireError.self) { for chunk in sample { _ = try staging.take(chunk) } }
    #expect(error?.message == "the job is larger than 10000 bytes")
  }

  @Test func `a dependency on a task that never comes is refused at the commit`() {
    let head = Reeve_V1_SubmitChunk.with {
      $0.head.templates = [Reeve_V1_TaskTemplate(TaskTemplate(command: ["true"]))]
    }
    let tasks = Reeve_V1_SubmitChunk.with {
      $0.tasks.names.ends = [0]
      $0.tasks.templates = [0]
      $0.tasks.arguments.ends = [0]
      $0.tasks.dependencyEnds = [1]
      $0.tasks.dependencies = [1]
    }
    let commit = Reeve_V1_SubmitChunk.with { $0.commit.tasks = 1 }
    #expect(refusal([head, tasks, commit]) == "tasks.dependencies: place 1 is out of range: there are 1")
  }

  @Test(arguments: 1...300 as ClosedRange<UInt64>)
  func `chunks that were tampered with are refused or read`(_ seed: UInt64) throws {
    var dice = Dice(seed: seed)
    var staging = JobStaging()
    for chunk in sample {
      var bytes: [UInt8] = try chunk.serializedBytes()
      if dice.count(0...3) == 0 { bytes = dice.mutation(of: bytes) }
      guard let chunk = try? Reeve_V1_SubmitChunk(serializedBytes: bytes) else { continue }
      _ = try? staging.take(chunk)
    }
  }

  private let sample: [Reeve_V1_SubmitChunk] = {
    var dice = Dice(seed: 5)
    return dice.jobSpec(tasks: 500...500).chunks(limit: 5_000)
  }()

  private func stage(_ chunks: some Sequence<Reeve_V1_SubmitChunk>) throws -> JobSpec? {
    var staging = JobStaging()
    var job: JobSpec?
    for chunk in chunks {
      // Through bytes, as it travels.
      let bytes: [UInt8] = try chunk.serializedBytes()
      job = try staging.take(Reeve_V1_SubmitChunk(serializedBytes: bytes))
    }
    return job
  }

  private func refusal(_ chunks: [Reeve_V1_SubmitChunk]) -> String? {
    let error = #expect(throws: WireError.self) { try stage(chunks) }
    return error?.message
  }
}
