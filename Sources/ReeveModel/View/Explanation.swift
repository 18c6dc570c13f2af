/// Why a task is where it is, from the data that decides.
package struct Explanation: Hashable, Sendable {
  /// What keeps a task from running. The first of those that hold, in this order, is the answer; codes are part of the API.
  package enum Code: String, Sendable, CaseIterable {
    /// It has ended; `task.reason` says how.
    case ended
    /// Its node is lost, and it waits for it as its job says.
    case awaitsNode = "awaits-node"
    case running
    /// It is at a rack, behind others there.
    case waitsAtRack = "waits-at-rack"
    /// It was given to a rack, which starts it.
    case starting
    case held
    /// Tasks that it depends on have not ended as they have to.
    case dependency
    /// It failed, and is tried again when its time has come.
    case backOff = "back-off"
    /// As many tasks of its array are on their way as may be at one time.
    case arrayLimit = "array-limit"
    /// There is no rack that anything could be sent to.
    case noRack = "no-rack"
    /// No node that is up is what its constraints ask for.
    case constraints
    /// No node is large enough, even when it is empty.
    case tooLarge = "too-large"
    /// The master's disk is nearly full: nothing is started.
    case diskLow = "disk-low"
    /// It is next, and a rack keeps a node for it until what runs there has made room.
    case gathering
    /// Others of the same or of other shapes come first, and take what there is.
    case priority
    /// It became ready just now.
    case notYetConsidered = "not-yet-considered"
    /// It is next, and nothing that is free now is large enough.
    case resources
  }

  package var task: TaskView
  package var code: Code
  /// One sentence for people.
  package var sentence: String
  /// Tasks before it in the queue, where it is in it.
  package var ahead: Int
  /// What its place in the queue is made of, where it is in it.
  package var terms: [Term]
  /// Nodes step by step, by rack.
  package var racks: [RackFunnel]
  /// Tasks that it waits for and that have not ended as they have to, the first few.
  package var waitsFor: [Ancestor]
  /// How many those are in all.
  package var waitsForCount: Int

  package struct Term: Hashable, Sendable {
    package var name: String
    package var value: Double
    package var weight: Double

    package init(name: String, value: Double, weight: Double) {
      self.name = name
      self.value = value
      self.weight = weight
    }

    package var points: Double { value * weight }
  }

  package struct RackFunnel: Hashable, Sendable {
    package var rack: String
    package var isConnected: Bool
    /// Nodes that are up.
    package var nodes: Int
    /// Those of them that are what the task's constraints ask for.
    package var matching: Int
    /// Those of them again that could take the task when empty.
    package var largeEnough: Int
    /// How many such tasks could start there now.
    package var fitsNow: Int
    /// Of all its nodes together.
    package var free: Resources

    package init(
      rack: String,
      isConnected: Bool,
      nodes: Int,
      matching: Int,
      largeEnough: Int,
      fitsNow: Int,
      free: Resources
    ) {
      self.rack = rack
      self.isConnected = isConnected
      self.nodes = nodes
      self.matching = matching
      self.largeEnough = largeEnough
      self.fitsNow = fitsNow
      self.free = free
    }
  }

  package struct Ancestor: Hashable, Sendable {
    package var job: JobID
    /// Empty where it is the job itself, to which more may be added.
    package var task: String
    package var state: TaskState

    package init(job: JobID, task: String, state: TaskState) {
      self.job = job
      self.task = task
      self.state = state
    }

    /// As selectors write it.
    package var selector: String { task.isEmpty ? job.text : "\(job)/\(task)" }
    /// How far it is.
    package var shown: String { task.isEmpty ? "open" : state.shown }
  }

  package init(task: TaskView, code: Code, sentence: String) {
    self.task = task
    self.code = code
    self.sentence = sentence
    ahead = 0
    terms = []
    racks = []
    waitsFor = []
    waitsForCount = 0
  }
}
