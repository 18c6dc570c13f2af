import Foundation

/// What `Seeds.txt` lists, beside this file.
let seedsThatFailed: [UInt64] = {
  let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Seeds.txt")
  let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
  return text.split(separator: "\n").compactMap { line in
    line.split(separator: " ").first.flatMap { UInt64($0) }
  }
}()
