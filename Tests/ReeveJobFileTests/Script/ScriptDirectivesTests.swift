import ReeveJobFile
import ReeveModel
import Testing

@Suite("Scripts: what they say of themselves") struct ScriptDirectivesTests {
  private func read(_ lines: String) throws -> ScriptDirectives {
    try Script.read(Array("#!/bin/sh\n\(lines)\n".utf8)).directives
  }

  private func slurm(_ options: String) throws -> ScriptDirectives { try read("#SBATCH \(options)") }

  private func refusal(_ options: String) throws -> String {
    try #require(throws: Refusal.self) { try slurm(options) }.message
  }

  @Test func `its own lines are split as a shell would`() throws {
    let read = try read(
      """
      # a comment
      #REEVE --cpus 4 --time=10m   # why
      #REEVE --env "A=b c" --label 'x=\\y' --env B=\\"q\\" --name ''

      #REEVE
      """
    )
    #expect(
      read.own.map(\.value) == [
        ["--cpus", "4", "--time=10m"],
        ["--env", "A=b c", "--label", "x=\\y", "--env", "B=\"q\"", "--name", ""], [],
      ]
    )
    #expect(read.own.map(\.line) == [3, 4, 6] && !read.isForSlurm && read.notices.isEmpty)
  }

  @Test func `the head ends with the first command, and what comes later is noted`() throws {
    let read = try read(
      "#SBATCH -c 2\n ## SBATCH\n##SBATCH -c 3\n#SBATCHER\n #SBATCH -c 4\necho\n#SBATCH -c 5\n#REEVE x"
    )
    #expect(read.cpuMillis?.value == 2_000 && read.own.isEmpty)
    #expect(
      read.notices.map { "\($0.line): \($0.value)" } == [
        "8: the #SBATCH line comes after the first command and is not read",
        "9: the #REEVE line comes after the first command and is not read",
      ]
    )
  }

  @Test func `a quote that does not close is refused`() throws {
    let refusal = try #require(throws: Refusal.self) { try read("#REEVE --name \"x") }
    #expect(refusal == Refusal(.syntax, "line 2: a \" is opened and not closed."))
  }

  @Test func `the common options of Slurm are read, long and short`() throws {
    let long = try read(
      """
      #SBATCH --job-name=train --cpus-per-task 4 --mem=4G
      #SBATCH --time=1-12:00:00 --nice=50 --no-requeue --chdir=/data --tmp=10G --export=ALL,MODE=fast,HOME
      #SBATCH --ntasks=1 --nodes=1-1 --ntasks-per-node=1
      """
    )
    #expect(long.name?.value == "train" && long.name?.line == 2 && long.isForSlurm)
    #expect(long.cpuMillis?.value == 4_000 && long.memory?.value == 4 << 30 && long.disk?.value == 10 << 30)
    #expect(long.time?.value == .seconds(36 * 3_600) && long.priority?.value == -50)
    #expect(long.onNodeLoss?.value == .fail && long.directory?.value == "/data" && long.directory?.line == 3)
    #expect(long.exports?.value.all == true && long.exports?.value.names == ["MODE=fast", "HOME"])
    let short = try slurm("-J train -c4 -t 90 -D /data -n 1 -N1")
    #expect(short.name?.value == "train" && short.cpuMillis?.value == 4_000)
    #expect(short.time?.value == .seconds(5_400) && short.notices.isEmpty)
  }

  @Test(
    arguments: [
      ("90", 5_400), ("1:30", 90), ("120:00", 7_200), ("1:00:00", 3_600), ("2-0", 172_800), ("1-12", 129_600),
      ("0-1:30", 5_400), ("1-2:3:4", 93_784),
    ] as [(String, Int64)]
  )
  func `times are Slurm's`(text: String, seconds: Int64) throws {
    #expect(try slurm("-t \(text)").time?.value == .seconds(seconds))
  }

  @Test(arguments: ["0", "infinite", "UNLIMITED"]) func `no limit is none`(text: String) throws {
    let time = try #require(try slurm("--time=\(text)").time)
    #expect(time.value == nil)
  }

  @Test(
    arguments: [("512", 512 << 20), ("4G", 4 << 30), ("4gb", 4 << 30), ("2048K", 2 << 20), ("1T", 1 << 40)]
      as [(
        String, Int64
      )]
  )
  func `sizes are Slurm's`(text: String, bytes: Int64) throws {
    #expect(try slurm("--mem=\(text)").memory?.value == bytes)
    let each = try slurm("--mem=1G --mem-per-cpu=\(text)")
    #expect(each.memoryPerCPU?.value == bytes && each.memory == nil)
  }

  @Test func `arrays and dependencies are read`() throws {
    #expect(try slurm("--array=0-9,15,20-40:7%4").array?.value == "0-9,15,20-40:7%4")
    let all = try slurm("-d afterok:a:b,afterany:c,afternotok:d,aftercorr:e").dependencies.map(\.value)
    #expect(
      all.map { "\($0.kind.words) \($0.job)" } == [
        "succeeded a", "succeeded b", "ended c", "failed d", "each e",
      ]
    )
  }

  @Test func `of what is given twice the last counts`() throws {
    let read = try read("#SBATCH -c 2 --requeue\n#SBATCH -c 3 --no-requeue")
    #expect(read.cpuMillis?.value == 3_000 && read.cpuMillis?.line == 3 && read.onNodeLoss?.value == .fail)
  }

  @Test(arguments: ["B:TERM@60", "SIGTERM@60", "15@60", "TERM"])
  func `the signal that Reeve sends is a grace period`(text: String) throws {
    let read = try slurm("--signal=\(text)")
    #expect(read.grace?.value == .seconds(60) && read.notices.count == 1)
  }

  @Test(
    arguments: [
      ("-p gpu", "--partition", "-p is ignored: Reeve has nothing like it"),
      ("-o out.txt", "", "-o is ignored: `reeve logs` shows what a task writes"),
      ("--mail-type=END", "", "--mail-type is ignored: Reeve sends no mail"),
    ] as [(String, String, String)]
  )
  func `what does no harm is ignored with a word`(options: String, _: String, notice: String) throws {
    let notices = try slurm(options).notices
    #expect(notices.map(\.value) == [notice] && notices.map(\.line) == [2])
  }

  @Test(
    arguments: [
      (
        "--gres=gpu:1",
        "line 2: #SBATCH --gres is not among the options of Slurm that Reeve reads. Remove it if the script can do without."
      ),
      (
        "--job-nam=x",
        "line 2: #SBATCH --job-nam is not among the options of Slurm that Reeve reads. Did you mean \"job-name\"?"
      ),
      (
        "-w n1",
        "line 2: #SBATCH -w is not among the options of Slurm that Reeve reads. Remove it if the script can do without."
      ),
      ("x", "line 2: #SBATCH \"x\" is no option."), ("-", "line 2: #SBATCH \"-\" is no option."),
      ("--requeue=1", "line 2: #SBATCH --requeue takes no value."),
      ("-c", "line 2: #SBATCH -c wants a value."),
      ("-c 0", "line 2: #SBATCH -c: \"0\" is out of range. Use a whole number from 1 to 1000000."),
      ("-c 2.5", "line 2: #SBATCH -c: \"2.5\" is out of range. Use a whole number from 1 to 1000000."),
      (
        "--mem=4X", "line 2: #SBATCH --mem: \"4X\" is no size. Write it as Slurm does, such as 512M or 4G."
      ),
      ("--mem=0", "line 2: #SBATCH --mem: 0 would be all that the node has. Say how much, such as 4G."),
      ("--mem=99999999T", "line 2: #SBATCH --mem: \"99999999T\" is more than 1EiB."),
      (
        "-N 2",
        """
        line 2: #SBATCH -N: "2" is more than Reeve gives a script, which is one process on one node. Use 1; for many, \
        --array.
        """
      ),
      (
        "--signal=USR1@60",
        """
        line 2: #SBATCH --signal: Reeve sends TERM when the time is over, and KILL after --grace; "USR1@60" asks for \
        another. Use TERM@60.
        """
      ),
      ("--nice=9999999", "line 2: #SBATCH --nice: \"9999999\" is out of range. Use -1000000 to 1000000."),
      ("--export==x", "line 2: #SBATCH --export: \"=x\" has no name. Write NAME=VALUE."),
    ] as [(String, String)]
  )
  func `what would change the script's meaning is refused`(options: String, message: String) throws {
    #expect(try refusal(options) == message)
  }

  @Test(arguments: [
    "", "x", "-5", "1:", ":1", "1-", "1:2:3:4", "1-2:3:4:5", "0:00", "1.5", "1h", "99999999999",
  ])
  func `what is no time is refused`(text: String) throws {
    #expect(try refusal("--time=\(text)").hasPrefix("line 2: #SBATCH --time: \(text.quoted) is "))
  }

  @Test(arguments: [
    "", "a", "5-1", "1-2-3", "1:2", "1-9:0", "0-9%0", "0-9%", "1,,2", "-1", "1-9:",
  ])
  func `what is no array is refused`(text: String) throws {
    #expect(try refusal("--array=\(text)").hasPrefix("line 2: #SBATCH --array: \(text.quoted) is no array:"))
  }

  @Test(arguments: [
    "", "afterok", "singleton", "after:1", "afterok:", "afterok:a/b", "afterok:1?afterok:2", "afterok:1,",
  ])
  func `what is no dependency is refused`(text: String) throws {
    #expect(try refusal("--dependency=\(text)").hasPrefix("line 2: #SBATCH --dependency: "))
  }

  @Test func `five thousand damaged scripts are read or refused, and none crashes`() throws {
    let script = """
      #!/bin/bash -e
      #SBATCH -c 4 --mem=4G -t 1-12:00:00 --array=0-9,20-40:7%4 --nice=-5
      #SBATCH -d afterok:a:b,afterany:c --signal=B:TERM@60 --export=ALL,A=1 -J "a b" -p x
      #REEVE --cpus 2 --env 'A=b c'
      echo
      """
    var dice = MutationTests.Dice(state: 99)
    var refused = 0
    for _ in 0..<5_000 {
      var bytes = Array(script.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &dice) {
        MutationTests.damage(&bytes, "#-=:,%@'\"\\ \n9", &dice)
      }
      do throws(Refusal) { _ = try Script.read(bytes) } catch { refused += 1 }
    }
    #expect(refused > 1_000 && refused < 5_000)
  }

  @Test func `Slurm's names stand for Reeve's values`() throws {
    let job = JobSpec(id: JobID("n-2"), name: "train", user: "ann")
    let resources = Resources(cpuMillis: 2_500, memory: 4 << 30)
    let variables = slurmVariables(of: job, resources: resources, directory: "/home/ann")
    let byName = Dictionary(uniqueKeysWithValues: variables.map { ($0.name, $0.value) })
    #expect(byName["SLURM_JOB_ID"] == "n-2" && byName["SLURM_JOB_NAME"] == "train")
    #expect(byName["SLURM_CPUS_PER_TASK"] == "3" && byName["SLURM_MEM_PER_NODE"] == "4096")
    #expect(byName["SLURM_SUBMIT_DIR"] == "/home/ann")
    #expect(variables.map(\.name) == variables.map(\.name).sorted())
  }
}
