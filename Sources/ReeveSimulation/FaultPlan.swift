import ReeveModel

/// What can go wrong. A new kind is a case here and a line in `World.strike`; the tests then ask for it to happen.
package enum Fault: Int, Sendable, CaseIterable {
  /// A connection breaks: each direction loses any suffix of what is under way in it.
  case cut
  /// Two processes do not reach each other for a while.
  case partition
  /// A rack scheduler and the master do not, while the agents reach both; some get a second scheduler meanwhile.
  case rackCutOff
  case masterDeath
  case masterDeathInSync
  /// While a snapshot is being written.
  case masterDeathInSnapshot
  case rackDeath
  /// A second process for a rack, while the first still runs; one of them goes some time later.
  case rackSuccession
  case agentDeath
  case frameworkDeath
  /// With all that runs under it: how that ended is not known.
  case supervisorDeath
  case nodeDeath
  case nodeWiped
  /// Everything dies at once: every process, and now and then every machine.
  case blackout
  /// A process is stopped, and continued.
  case stop
  case slowDisk
  /// The wall clock of a machine jumps.
  case clockJump

  package var name: String { "\(self)" }
}

/// What goes wrong in a world, and when; after `healsAt` nothing does.
struct FaultPlan: Sendable {
  var schedule: [(time: Instant, fault: Fault)] = []
  var healsAt: Instant
  /// By then everything that was accepted has ended, or never will.
  var deadline: Instant
  var isHealed = false
  /// How many of the messages take long, and how long.
  var slowMessages = 0.0
  var slowestMessage = TimeSpan.milliseconds(10)

  /// Each seed has its own kinds of faults and how often they come, so that some worlds know one kind only.
  init(_ options: SimulationOptions, _ chance: inout Generator) {
    let length = TimeSpan.seconds(Int64(chance.within(20...90)))
    healsAt = Instant(microseconds: 0) + length
    deadline = healsAt
    guard options.faults else { return }
    if chance.chance(0.5) {
      slowMessages = chance.fraction() * 0.2
      slowestMessage = chance.skewedSpan(.milliseconds(10), .seconds(10))
    }
    for fault in Fault.allCases where chance.chance(0.5) {
      for _ in 0..<chance.within(1...8) {
        schedule.append((Instant(microseconds: 0) + chance.span(.zero, length), fault))
      }
    }
    schedule.sort { $0.time < $1.time }
  }
}
