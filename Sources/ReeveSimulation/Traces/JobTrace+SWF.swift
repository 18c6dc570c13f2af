package import ReeveModel

extension JobTrace {
  /// Reads the Standard Workload Format of the Parallel Workloads Archive: a job a line in 18 columns, of which -1 stands for
  /// unknown; lines that begin with `;` are a header.
  ///
  /// A job takes what it asked for, or what it got where it asked for nothing; one that ran for no time at all ran for a
  /// second.
  /// - Parameters:
  ///   - bytes: the file, unpacked.
  ///   - linesMax: how many jobs are read at most, those that are left out included.
  /// - Throws: `.syntax` with the line and the column.
  package init(swf bytes: [UInt8], linesMax: Int = .max) throws(Refusal) {
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let words = line.split {
        $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r")
      }
      guard let first = words.first else { continue }
      if first.first == UInt8(ascii: ";") {
        readHeader(String(decoding: line, as: UTF8.self))
        continue
      }
      guard lines < linesMax else { break }
      lines += 1
      try read(SWFLine(words, number: number))
    }
  }

  private mutating func readHeader(_ line: String) {
    let parts = line.drop { $0 == ";" || $0 == " " || $0 == "\t" }.split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else { return }
    let words = parts[1].split { $0 == " " || $0 == "\t" || $0 == "\r" }
    let whole = words.first.flatMap { Int($0.prefix { $0.isNumber }) }.flatMap { $0 > 0 ? $0 : nil }
    switch parts[0] {
    case "Computer" where computer == nil: computer = words.joined(separator: " ")
    case "MaxProcs": cores = whole ?? cores
    // Where nodes have one processor each, only they are counted.
    case "MaxNodes": cores = cores ?? whole
    default: break
    }
  }

  private mutating func read(_ line: SWFLine) throws(Refusal) {
    let run = try line.time(.runTime)
    let (requested, allocated) = (try line.whole(.requestedCores), try line.whole(.allocatedCores))
    let cores = requested > 0 ? requested : allocated
    let limit = try line.time(.requestedTime)
    if run < .zero {
      dropped[.noRunTime, default: 0] += 1
    } else if cores <= 0 {
      dropped[.noCores, default: 0] += 1
    } else if try line.whole(.status) == SWFLine.cancelled, run == .zero {
      dropped[.neverStarted, default: 0] += 1
    } else {
      jobs.append(
        Job(
          number: try line.whole(.job),
          submit: try line.time(.submit),
          run: max(run, .seconds(1)),
          cores: cores,
          memoryPerCore: Int64(max(0, try line.whole(.requestedMemory))) << 10,
          limit: limit > .zero ? limit : nil,
          user: UserNumber(UInt32(max(0, try line.whole(.user))))
        )
      )
    }
  }
}

/// One job's line of numbers.
private struct SWFLine {
  /// Columns that are looked at, by their numbers in the format.
  enum Column: Int {
    case job = 1
    case submit = 2
    case runTime = 4
    case allocatedCores = 5
    case requestedCores = 8
    case requestedTime = 9
    case requestedMemory = 10
    case status = 11
    case user = 12

    var words: String {
      switch self {
      case .job: "job number"
      case .submit: "submit time"
      case .runTime: "run time"
      case .allocatedCores: "allocated processors"
      case .requestedCores: "requested processors"
      case .requestedTime: "requested time"
      case .requestedMemory: "requested memory"
      case .status: "status"
      case .user: "user"
      }
    }
  }

  static let cancelled = 5
  private static let columnCount = 18
  /// About thirty years: sums of such times are far from any limit.
  private static let largest = 1e9

  private let words: [ArraySlice<UInt8>]
  private let number: Int

  init(_ words: [ArraySlice<UInt8>], number: Int) throws(Refusal) {
    guard words.count == Self.columnCount else {
      throw Refusal(
        .syntax,
        "line \(number): a job has \(Self.columnCount) columns in the Standard Workload Format; here are \(words.count)."
      )
    }
    (self.words, self.number) = (words, number)
  }

  /// Some logs write whole numbers with a fraction.
  private func value(_ column: Column) throws(Refusal) -> Double {
    let text = String(decoding: words[column.rawValue - 1], as: UTF8.self)
    guard let value = Double(text), abs(value) <= Self.largest else {
      throw Refusal(
        .syntax,
        field: column.words,
        "line \(number), column \(column.rawValue): \(text.quoted) is no number up to a billion. Write -1 for what is unknown."
      )
    }
    return value
  }

  func whole(_ column: Column) throws(Refusal) -> Int { Int(try value(column)) }

  func time(_ column: Column) throws(Refusal) -> TimeSpan {
    TimeSpan(microseconds: Int64((try value(column) * 1e6).rounded()))
  }
}
