// What the master says: decoded and checked on the library's thread, told on the caller's.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "reeve.h"
#include "reeve/v1/framework_session.pb-c.h"

/// A message that makes sense to its last byte, to be freed with `incoming_free`; NULL: `why` says in a sentence what is wrong.
Reeve__V1__FrameworkDown *incoming_decode(const uint8_t *bytes, size_t length, char *why, size_t why_size);
void incoming_free(Reeve__V1__FrameworkDown *);

/// Updates that were taken in.
struct acknowledgements {
  uint64_t *ids;
  size_t count, capacity;
};

/// Calls back for a decoded message.
void incoming_tell(
    reeve *, const struct reeve_callbacks *, void *context, const Reeve__V1__FrameworkDown *, struct acknowledgements *);
