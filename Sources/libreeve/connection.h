// The thread that speaks with the master: connects, subscribes, sends what waits, and does all that again.
//
//   waiting ──it is time──▶ calling ──subscribed──▶ subscribed ──broken, silent, nonsense──▶ leaving ──▶ waiting
//                              └───────refused─────────┴──────────────────────────────────────────────▶ over
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cluster.h"
#include "news.h"
#include "outbox.h"
#include "reeve/v1/framework_session.pb-c.h"
#include "stream.h"

struct connection {
  // Set before the thread starts.
  struct cluster cluster;
  struct message *subscribe;
  int wake;  // an eventfd: there are news
  pthread_t thread;

  // All below is guarded by the lock.
  pthread_mutex_t lock;
  pthread_cond_t left;
  struct stream stream;
  uint64_t stream_number;
  enum { WAITING, CALLING, SUBSCRIBED, LEAVING, OVER } phase;
  // Microseconds of the monotonic clock.
  int64_t retry_at, answer_by, last_sent, last_heard;
  int64_t subscribed_at;  // 0: the stream is not
  int64_t heartbeat;      // microseconds
  size_t address;         // the next to be tried
  unsigned failures;  // in a row
  unsigned seed;      // of the jitter
  bool closing, told_away, is_torn_down;
  bool stalled;  // what was received waits for the caller; nothing more is asked for

  struct outbox outbox;

  struct news_queue news;
};

/// Takes over the cluster, the subscription and an eventfd.
void connection_start(struct connection *, struct cluster, struct message *subscribe, int wake);
/// Sends what waits, for a second at most, and frees all.
void connection_stop(struct connection *);

enum send_result { SENT, SEND_FULL, SEND_OVER };
/// Takes the message over. The slices of an accept are taken off the demand.
enum send_result connection_send(struct connection *, struct message *);
/// Replaces the demand, which it takes over, and whose shapes have keys of their own.
enum send_result connection_demand(struct connection *, Reeve__V1__Demand *, uint64_t serial);

/// All news, oldest first, linked; the caller frees each with `news_free`.
struct news *connection_take(struct connection *);
