import Foundation
import Testing

extension ClusterTests {
  @Suite("Examples", .timeLimit(.minutes(3))) struct ExampleTests {
    @Test func `mandelbrot: the picture has as many points in the set as was counted before`() async throws {
      let examples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Examples")
      try await TemporaryCluster.run(nodes: 2, cpus: 2) { cluster in
        let out = "\(cluster.directory)/picture"
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        let maker = try Program(
          examples.appending(path: "mandelbrot/make-job").path,
          [out],
          environment: ["PATH": "/usr/bin:/bin"],
          files: "\(cluster.directory)/make-job"
        )
        let made = try await maker.end()
        #expect(made.status == 0, "\(made.stderr)")
        let file = try cluster.write(made.stdout, to: "mandelbrot.json")
        let ended = try await cluster.reeve("submit", "--id", "picture", "-f", file, "--wait")
        #expect(ended.status == 0, "\(ended)")
        let check = try await cluster.reeve("logs", "picture/check").stdout
        #expect(check.contains("34307 of 184320 points are in the set: an area of 1.525"), "\(check)")
        #expect(try await cluster.job("picture").completed == 134)
      }
    }
  }
}
