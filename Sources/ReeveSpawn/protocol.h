// What the agent and its supervisor say to each other, over DIR/spawn.sock.
//
// A stream of frames in each direction, everything little-endian:
//   frame  = u32 length (of kind and body), u8 kind, body
//   string = u32 length, bytes (no terminator, no NUL inside unless it is a tag)
//   list   = u32 count, items
//
// Agent to supervisor
//   HELLO     u32 version. First on every connection.
//   SPAWN     u64 attempt, string slot, string directory (where to run; empty: the slot's own `work`), list of string argv, list of string env ("A=B", the whole of it),
//             string tag (opaque, given back with everything said of the attempt).
//             An attempt that is already known is not started again: what is known of it is said again.
//   KILL      u64 attempt, u8 reason, u32 grace in ms. TERM to the process group now, KILL when the grace is
//             over. The first reason that is not 0 stays, is on disk before the signal, and comes with the end.
//   FORGET    list of u64 attempt. Their ends are acknowledged.
//   SHUTDOWN  u32 grace in ms. Every task is killed so (with REASON_SHUTDOWN), then the supervisor exits.
//
// Supervisor to agent
//   WELCOME   u32 version, u32 how many ENDED and FAILED frames follow at once (the unacknowledged ones),
//             list of running: u64 attempt, u32 pid, u64 started, u8 reason, string tag, string slot.
//   STARTED   u64 attempt, u32 pid, u64 started. The process exists; FAILED may still follow if the kernel
//             refuses the program (a program that is not there is refused before).
//   ENDED     u64 attempt, i32 status as of wait(2), u8 reason (0: nobody ordered it), u64 started, u64 ended,
//             u64 cpu µs, u64 peak memory, u64 read, u64 written, u64 stdout size, u64 stderr size (bytes),
//             u8 whether the work directory was touched, string tag, string slot.
//             Said when nothing of the attempt's process group and session is left.
//   FAILED    u64 attempt, i32 errno, u8 step, string tag, string slot. It never ran. Counts as an end.
//
// Times are wall-clock µs. ENDED and FAILED are said again to each new connection until forgotten.
// A slot is a directory holding work/, stdout and stderr; a relative one counts from DIR.
#pragma once

#define PROTOCOL_VERSION 1u

enum frame_kind {
  FRAME_HELLO = 1,
  FRAME_SPAWN = 2,
  FRAME_KILL = 3,
  FRAME_FORGET = 4,
  FRAME_SHUTDOWN = 5,
  FRAME_SIGNAL = 6,

  FRAME_WELCOME = 65,
  FRAME_STARTED = 66,
  FRAME_ENDED = 67,
  FRAME_FAILED = 68,
};

enum failed_step { STEP_SLOT = 1, STEP_DIRECTORY = 2, STEP_EXEC = 3, STEP_FORK = 4 };

// The one reason that is the supervisor's own; all others are the agent's business.
#define REASON_SHUTDOWN 255u

// Linux refuses more than 2 MiB of arguments and environment by default, so that a longer frame is a mistake.
#define FRAME_MAX (4u << 20)
#define TAG_MAX 512u
#define PATH_BYTES_MAX 4000u
#define STRINGS_MAX 65536u
