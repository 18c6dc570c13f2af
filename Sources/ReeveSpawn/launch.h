// From a SPAWN frame to a running program.
//
// The child shares the supervisor's memory until it has become the program, and the supervisor does not wait for that:
// on a busy machine waiting (as vfork and posix_spawn do) starts one task per turn of the scheduler's run queue.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "buffer.h"

struct launch;

/// The parts of a SPAWN frame; they point into what was received.
struct command {
  uint64_t attempt;
  struct text slot, directory, tag;
  struct reader arguments, environment;  // the items alone
  uint32_t argument_count, environment_count;
  size_t bytes;                          // an upper bound for all strings with terminators
};

struct launch_result {
  pid_t pid;  // 0: it failed
  int error;
  uint8_t step;
};

/// Notes the limits that tasks are to run under, and raises the supervisor's own. `fork_plainly` is for memory
/// checkers, which do not follow a child that shares memory.
void launch_prepare(bool fork_plainly);

/// Starts `command` in the directory `work` with `output` and `error` as its streams. `*owner` points to the launch
/// until the child has become the program; then it turns NULL.
struct launch_result launch(const struct command *command, int work, int output, int error, struct launch **owner);

/// Why the child could not become the program (0: it did, or died before). For an owner that is not NULL when the
/// child has been reaped.
int launch_finish(struct launch *launch, uint8_t *step);
