import Testing

extension ClusterTests {
  @Suite("Scripts", .timeLimit(.minutes(2))) struct ScriptTests {
    @Test func `a script is submitted as it is, with its arguments and what it says of itself`() async throws
    {
      try await TemporaryCluster.run { cluster in
        let script = try cluster.write(
          """
          #!/usr/bin/env -S python3 -u
          #REEVE --name picture --cpus 0.5
          #REEVE --env "MODE=very fast" --env SIZE=1
          import os, sys
          print(sys.argv[1:], os.environ["MODE"], os.environ["SIZE"], os.listdir("."))
          sys.exit(3)
          """,
          to: "picture.py"
        )
        let ended = try await cluster.reeve(
          "submit",
          "--id",
          "picture",
          "--wait",
          "-q",
          "--env",
          "SIZE=2",
          script,
          "--tile",
          "a b"
        )
        #expect(ended.status == 3, "\(ended)")
        let logs = try await cluster.reeve("logs", "picture")
        #expect(logs.stdout == "['--tile', 'a b'] very fast 2 ['.picture.py']\n", "\(logs)")
        let listed = try await cluster.reeve("ps", "--all", "-o", "csv")
        #expect(listed.stdout.contains("picture"))
      }
    }

    @Test func `a script for Slurm finds what it looks for, in the directory where it was submitted`()
      async throws
    {
      try await TemporaryCluster.run { cluster in
        let script = try cluster.write(
          """
          #!/bin/bash
          #SBATCH --job-name=train -c 1
          #SBATCH --mem=64M --time=10 --export=NONE,MODE=fast
          #SBATCH --partition=gpu
          echo "$SLURM_JOB_ID $SLURM_JOB_NAME $SLURM_CPUS_PER_TASK $SLURM_MEM_PER_NODE $MODE"
          [ "$PWD" = "$SLURM_SUBMIT_DIR" ] && pwd
          """,
          to: "train.sh"
        )
        let ended = try await cluster.reeve("submit", "--id", "t-1", "--wait", script)
        #expect(ended.status == 0 && ended.stderr.contains("line 4: --partition is ignored"), "\(ended)")
        let lines = try await cluster.reeve("logs", "t-1").stdout.split(separator: "\n")
        #expect(lines.count == 2 && lines[0] == "t-1 train 1 64 fast", "\(lines)")
      }
    }
  }
}
