// What the library's thread has for the caller's, oldest first.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "reeve/v1/framework_session.pb-c.h"

struct news {
  struct news *next;
  enum { NEWS_MESSAGE, NEWS_AWAY, NEWS_FAILED } kind;
  uint64_t stream;                 // that it came on
  Reeve__V1__FrameworkDown *down;  // of a message
  size_t bytes;                    // that it had on the wire
  char *reason;                    // of the others
};

struct news_queue {
  struct news *first, *last;
  size_t bytes;
};

/// Takes over what the news point to.
void news_push(struct news_queue *, struct news);
/// All of them, linked, to be freed one by one.
struct news *news_take(struct news_queue *);
void news_free(struct news *);
