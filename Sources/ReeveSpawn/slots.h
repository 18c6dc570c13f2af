// The directories that tasks run in. Reopening a slot's three descriptors costs more than the rest of a start, so
// those of slots used lately are kept open for as long as nothing was written there.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "buffer.h"

struct slot {
  struct slot *next;               // of the same hash
  struct slot *newer, *older;      // among the idle ones
  char *path;
  int work, output, error;
  uint64_t device, inode;          // of the work directory, to notice that the agent moved the slot away
  struct timespec modified;        // the work directory's, before the task starts
  bool used;
};

struct slot_use {
  uint64_t stdout_size, stderr_size;
  bool touched;
};

/// The open slot for a task to start in, or NULL with `*error` and `*step` set. Missing directories are made.
struct slot *slot_take(struct text path, int *error, uint8_t *step);

/// What a task left there.
struct slot_use slot_look(const struct slot *slot);

/// Gives the slot back; its descriptors stay open only if it is `clean`.
void slot_release(struct slot *slot, bool clean);
