// DIR/exits: what must outlive the supervisor. An append-only file, written and not synced: it survives a process,
// and a machine that dies re-runs its tasks anyway.
//
//   header  "REEVEXIT", u32 version
//   record  u32 length (of kind and body), u32 crc32 (of kind and body), u8 kind, body
//
// Bodies: RECORD_ENDED and RECORD_FAILED as in the frames; RECORD_ORDER u64 attempt, u8 reason, u64 wall µs;
// RECORD_ACKNOWLEDGED list of u64 attempt.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"

enum record_kind { RECORD_ORDER = 1, RECORD_ENDED = 2, RECORD_FAILED = 3, RECORD_ACKNOWLEDGED = 4 };

typedef void (*record_visitor)(uint8_t kind, const unsigned char *body, size_t length);

/// Reads the file (making it if need be), gives every whole record to `visit`, cuts a torn tail.
void exits_open(record_visitor visit);

/// Adds a record to what the next flush writes.
void exits_append(uint8_t kind, const void *body, size_t length);

/// Writes what was appended, in one write. What cannot be written (disk full) is kept for the next flush.
void exits_flush(void);

/// Whether something could not be written yet.
bool exits_unwritten(void);

/// Whether the file has grown enough to be written anew.
bool exits_should_compact(void);

/// Replaces the file by one that holds only the records that `put_live` appends.
void exits_compact(void (*put_live)(void));
