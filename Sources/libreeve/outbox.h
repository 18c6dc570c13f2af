// What waits to be sent, what was sent and has no reply yet, and the demand: all that outlives a stream.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reeve/v1/framework_session.pb-c.h"

/// What goes to the master.
struct message {
  struct message *next;
  uint64_t serial;  // 0: has no reply, and goes with the stream that it was made for
  uint64_t stream;  // of those: which
  Reeve__V1__FrameworkUp__MessageCase kind;
  bool is_again;  // was on an earlier stream
  // Of an accept: the slices that it takes off the demand, and which demand that was. They come back if it is refused.
  uint32_t key, slices;
  uint64_t demand;
  size_t length;
  uint8_t bytes[];
};

struct message *message_pack(const Reeve__V1__FrameworkUp *);

struct queue {
  struct message *first, *last;
  size_t bytes;
};

struct outbox {
  struct queue waiting, unanswered;
  Reeve__V1__Demand *demand;  // NULL: none was said
  uint64_t demand_number;     // grows with each
  uint64_t demand_serial;     // 0: it has its reply
};

/// Takes the message over. The slices of an accept are taken off the demand.
void outbox_add(struct outbox *, struct message *);
/// The next to be sent; NULL: none waits.
const struct message *outbox_next(const struct outbox *);
/// It was handed to the stream.
void outbox_sent(struct outbox *);
/// What waits, and what may have to be sent again.
size_t outbox_bytes(const struct outbox *);

/// Replaces the demand, which it takes over.
void outbox_set_demand(struct outbox *, Reeve__V1__Demand *, uint64_t serial);
/// Says the demand as it is now.
void outbox_add_demand(struct outbox *);

/// Returns whether the framework is torn down by it.
bool outbox_take_reply(struct outbox *, const Reeve__V1__FrameworkReply *);

/// A new stream begins: with the demand, a reconciliation of all if the framework was there before, and what the last stream
/// left without a reply.
void outbox_begin(struct outbox *, bool is_resumed);

void outbox_free(struct outbox *);
