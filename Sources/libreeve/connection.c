#define _GNU_SOURCE
#include "connection.h"

#include <grpc/slice.h>
#include <grpc/support/alloc.h>
#include <grpc/support/string_util.h>
#include <grpc/support/time.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#include "incoming.h"

#define SECOND INT64_C(1000000)
#define BACKOFF_FIRST (SECOND / 10)
#define BACKOFF_MAX (5 * SECOND)
// A stream that broke sooner was none: a master that breaks off each is given ever more time.
#define LASTED SECOND
// For a master to answer the subscription: it may have to wait for its journal.
#define ANSWER_WITHIN (15 * SECOND)
#define HEARTBEAT_LEAST (SECOND / 100)
#define HEARTBEAT_MOST (600 * SECOND)
#define SILENT_BEATS 3
#define GOODBYE (1 * SECOND)
// So much may wait for the caller before the master is left to wait; and for the master before the caller is refused.
#define NEWS_BYTES_MAX ((size_t)16 << 20)
#define OUTBOX_BYTES_MAX MESSAGE_BYTES_MAX

static int64_t now_micros(void) {
  gpr_timespec now = gpr_now(GPR_CLOCK_MONOTONIC);
  return now.tv_sec * SECOND + now.tv_nsec / 1000;
}

static void push_news(struct connection *c, struct news news) {
  news.stream = c->stream_number;
  news_push(&c->news, news);
  eventfd_write(c->wake, 1);
}

// MARK: Sending

/// A call is closed when its last message has been taken: from here on each is, for nobody.
static void ignore_what_comes(struct connection *c) {
  c->phase = LEAVING;
  if (c->stalled) stream_receive(&c->stream);
  c->stalled = false;
}

/// Sends the next message, if the stream takes one.
static void pump(struct connection *c) {
  if (c->phase != SUBSCRIBED || c->stream.sending) return;
  const struct message *message = outbox_next(&c->outbox);
  if (message != NULL) {
    stream_send(&c->stream, message->bytes, message->length);
    outbox_sent(&c->outbox);
  } else if (c->closing) {
    stream_half_close(&c->stream);
    ignore_what_comes(c);
  }
}

static void beat(struct connection *c) {
  Reeve__V1__Heartbeat heartbeat = REEVE__V1__HEARTBEAT__INIT;
  Reeve__V1__FrameworkUp up = REEVE__V1__FRAMEWORK_UP__INIT;
  up.message_case = REEVE__V1__FRAMEWORK_UP__MESSAGE_HEARTBEAT;
  up.heartbeat = &heartbeat;
  outbox_add(&c->outbox, message_pack(&up));
  pump(c);
}

enum send_result connection_send(struct connection *c, struct message *message) {
  pthread_mutex_lock(&c->lock);
  bool is_bound = message->serial == 0;
  enum send_result result = SENT;
  if (c->phase == OVER) {
    result = SEND_OVER;
  } else if (!is_bound && outbox_bytes(&c->outbox) >= OUTBOX_BYTES_MAX) {
    result = SEND_FULL;
  } else if (!is_bound || (c->phase == SUBSCRIBED && message->stream == c->stream_number)) {
    outbox_add(&c->outbox, message);
    message = NULL;
    pump(c);
  }
  pthread_mutex_unlock(&c->lock);
  gpr_free(message);
  return result;
}

enum send_result connection_demand(struct connection *c, Reeve__V1__Demand *demand, uint64_t serial) {
  pthread_mutex_lock(&c->lock);
  enum send_result result = c->phase == OVER ? SEND_OVER : SENT;
  if (result == SENT) {
    outbox_set_demand(&c->outbox, demand, serial);
    demand = NULL;
    if (c->phase == SUBSCRIBED) {
      outbox_add_demand(&c->outbox);
      pump(c);
    }
  }
  pthread_mutex_unlock(&c->lock);
  reeve__v1__demand__free_unpacked(demand, NULL);
  return result;
}

// MARK: Phases

static void connect(struct connection *c) {
  c->stream_number++;
  stream_open(&c->stream, c->cluster.addresses[c->address], c->cluster.authorization);
  stream_send(&c->stream, c->subscribe->bytes, c->subscribe->length);
  c->answer_by = now_micros() + ANSWER_WITHIN;
  c->phase = CALLING;
}

static void leave(struct connection *c, const char *why) {
  stream_cancel(&c->stream, why);
  ignore_what_comes(c);
}

static void subscribe(struct connection *c, const Reeve__V1__Subscribed *subscribed) {
  int64_t heartbeat = subscribed->heartbeat_micros;
  if (heartbeat < HEARTBEAT_LEAST) heartbeat = HEARTBEAT_LEAST;
  c->heartbeat = heartbeat > HEARTBEAT_MOST ? HEARTBEAT_MOST : heartbeat;
  c->subscribed_at = c->last_sent = now_micros();
  c->told_away = false;
  c->phase = SUBSCRIBED;
  outbox_begin(&c->outbox, subscribed->resumed);
  pump(c);
}

/// Takes in a message. Returns whether it is to be told.
static bool take_in(struct connection *c, const Reeve__V1__FrameworkDown *down) {
  bool is_subscribed = down->message_case == REEVE__V1__FRAMEWORK_DOWN__MESSAGE_SUBSCRIBED;
  switch (c->phase) {
    case CALLING:
      if (is_subscribed) {
        subscribe(c, down->subscribed);
        return true;
      }
      leave(c, "the master's first message is not the answer to the subscription");
      return false;
    case SUBSCRIBED:
      if (is_subscribed) {
        leave(c, "the master has answered the subscription twice");
        return false;
      }
      if (down->message_case == REEVE__V1__FRAMEWORK_DOWN__MESSAGE_REPLY) {
        if (outbox_take_reply(&c->outbox, down->reply)) c->is_torn_down = true;
        pump(c);
      }
      return down->message_case != REEVE__V1__FRAMEWORK_DOWN__MESSAGE_HEARTBEAT;
    default:
      // Said before the master heard that the stream is left.
      return false;
  }
}

/// Takes the message that was received, and decodes it without the lock.
static Reeve__V1__FrameworkDown *decode(struct connection *c, size_t *length, char *why, size_t why_size) {
  grpc_byte_buffer *buffer = c->stream.received;
  c->stream.received = NULL;
  pthread_mutex_unlock(&c->lock);
  grpc_slice bytes = stream_bytes(buffer);
  *length = GRPC_SLICE_LENGTH(bytes);
  Reeve__V1__FrameworkDown *down = incoming_decode(GRPC_SLICE_START_PTR(bytes), *length, why, why_size);
  grpc_slice_unref(bytes);
  pthread_mutex_lock(&c->lock);
  return down;
}

static void receive(struct connection *c) {
  c->last_heard = now_micros();
  char why[256], sentence[320];
  size_t length;
  Reeve__V1__FrameworkDown *down = decode(c, &length, why, sizeof why);
  if (down == NULL) {
    snprintf(sentence, sizeof sentence, "the master has sent nonsense: %s", why);
    if (c->phase == CALLING || c->phase == SUBSCRIBED) leave(c, sentence);
  } else if (take_in(c, down)) {
    push_news(c, (struct news){.kind = NEWS_MESSAGE, .down = down, .bytes = length});
  } else {
    incoming_free(down);
  }
  c->stalled = c->phase != LEAVING && c->news.bytes > NEWS_BYTES_MAX;
  if (!c->stalled) stream_receive(&c->stream);
}

/// Whether a master with that answer would give it again.
static bool is_refusal(grpc_status_code status) {
  switch (status) {
    case GRPC_STATUS_ABORTED:  // a newer subscription of the id, or it was torn down
    case GRPC_STATUS_INVALID_ARGUMENT:
    case GRPC_STATUS_NOT_FOUND:
    case GRPC_STATUS_ALREADY_EXISTS:
    case GRPC_STATUS_PERMISSION_DENIED:
    case GRPC_STATUS_UNAUTHENTICATED:
    case GRPC_STATUS_FAILED_PRECONDITION:
    case GRPC_STATUS_OUT_OF_RANGE:
    case GRPC_STATUS_UNIMPLEMENTED: return true;
    default: return false;
  }
}

/// Each address is tried once in a round; after a round comes a pause of 0.1 s, doubling to 5 s, of which a random part of up
/// to a half is left out, so that not all frameworks of a restarted master come at once.
static int64_t pause_before_retry(struct connection *c) {
  unsigned rounds = c->failures / (unsigned)c->cluster.address_count;
  if (c->failures % c->cluster.address_count != 0) return 0;
  int64_t pause = rounds > 6 ? BACKOFF_MAX : BACKOFF_FIRST << (rounds - 1);
  if (pause > BACKOFF_MAX) pause = BACKOFF_MAX;
  return pause - rand_r(&c->seed) % (pause / 2);
}

static void stream_has_closed(struct connection *c) {
  c->stalled = false;
  if (c->closing) {
    c->phase = OVER;
    stream_shut_down(&c->stream);
    pthread_cond_signal(&c->left);
    return;
  }
  if (c->is_torn_down) {
    c->phase = OVER;
    return;
  }
  const char *reason = *c->stream.reason != 0 ? c->stream.reason : "the master has ended the stream";
  if (is_refusal(c->stream.status)) {
    c->phase = OVER;
    push_news(c, (struct news){.kind = NEWS_FAILED, .reason = gpr_strdup(reason)});
    return;
  }
  if (!c->told_away) push_news(c, (struct news){.kind = NEWS_AWAY, .reason = gpr_strdup(reason)});
  c->told_away = true;
  int64_t now = now_micros();
  bool was_subscribed = c->subscribed_at != 0;
  if (was_subscribed && now - c->subscribed_at > LASTED) c->failures = 0;
  if (!was_subscribed) c->address = (c->address + 1) % c->cluster.address_count;
  c->subscribed_at = 0;
  c->failures++;
  c->retry_at = now + pause_before_retry(c);
  c->phase = WAITING;
}

// MARK: Time

static int64_t silent_at(const struct connection *c) {
  // While nothing is asked for, nothing can be heard.
  return c->stalled ? INT64_MAX : c->last_heard + SILENT_BEATS * c->heartbeat;
}

static int64_t beat_at(const struct connection *c) {
  // Twice as often as promised, for a heartbeat takes its time.
  return c->stream.sending ? INT64_MAX : c->last_sent + c->heartbeat / 2;
}

static int64_t next_due(const struct connection *c) {
  switch (c->phase) {
    case WAITING: return c->retry_at;
    case CALLING: return c->answer_by;
    case SUBSCRIBED: return silent_at(c) < beat_at(c) ? silent_at(c) : beat_at(c);
    default: return INT64_MAX;
  }
}

static void tick(struct connection *c, int64_t due) {
  int64_t now = now_micros();
  // After the queue was shut down it takes no new call.
  if (c->closing) return;
  switch (c->phase) {
    case WAITING:
      if (now >= c->retry_at) connect(c);
      break;
    case CALLING:
      if (now >= c->answer_by) leave(c, "the master does not answer the subscription");
      break;
    case SUBSCRIBED:
      // Who was stopped for a while has not listened meanwhile.
      if (now - due > c->heartbeat) c->last_heard = now;
      if (now >= silent_at(c)) {
        char why[128];
        int64_t millis = SILENT_BEATS * c->heartbeat / 1000;
        snprintf(why, sizeof why, "nothing was heard from the master for %" PRId64 " ms", millis);
        leave(c, why);
      } else if (now >= beat_at(c)) {
        beat(c);
      }
      break;
    default: break;
  }
}

static void *run(void *argument) {
  struct connection *c = argument;
  pthread_mutex_lock(&c->lock);
  for (;;) {
    int64_t due = next_due(c);
    pthread_mutex_unlock(&c->lock);
    grpc_event event = stream_next(&c->stream, due);
    pthread_mutex_lock(&c->lock);
    switch (stream_settle(&c->stream, event)) {
      case STREAM_TIMEOUT: tick(c, due); break;
      case STREAM_SENT:
        c->last_sent = now_micros();
        pump(c);
        break;
      case STREAM_RECEIVED: receive(c); break;
      case STREAM_CLOSED: stream_has_closed(c); break;
      case STREAM_SETTLED: break;
      case STREAM_SHUT_DOWN: pthread_mutex_unlock(&c->lock); return NULL;
    }
  }
}

// MARK: Life

void connection_start(struct connection *c, struct cluster cluster, struct message *subscribe, int wake) {
  *c = (struct connection){.cluster = cluster, .subscribe = subscribe, .wake = wake, .phase = WAITING};
  if (getrandom(&c->seed, sizeof c->seed, 0) < 0) c->seed = (unsigned)getpid();
  pthread_mutex_init(&c->lock, NULL);
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&c->left, &monotonic);
  pthread_condattr_destroy(&monotonic);

  // Also the threads that gRPC makes inherit the mask: signals are the program's.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  grpc_init();
  stream_create(&c->stream);
  // The core, too, ends a process that can have no thread.
  if (pthread_create(&c->thread, NULL, run, c) != 0) abort();
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void say_goodbye(struct connection *c) {
  if (c->phase == SUBSCRIBED) {
    pump(c);
  } else {
    leave(c, "closed");
  }
  int64_t until = now_micros() + GOODBYE;
  struct timespec deadline = {.tv_sec = until / SECOND, .tv_nsec = until % SECOND * 1000};
  while (c->stream.call != NULL && pthread_cond_timedwait(&c->left, &c->lock, &deadline) == 0) continue;
  if (c->stream.call != NULL) leave(c, "closed");
}

void connection_stop(struct connection *c) {
  pthread_mutex_lock(&c->lock);
  c->closing = true;
  if (c->stream.call != NULL) {
    say_goodbye(c);
  } else {
    stream_shut_down(&c->stream);
  }
  pthread_mutex_unlock(&c->lock);
  pthread_join(c->thread, NULL);

  stream_destroy(&c->stream);
  grpc_shutdown();
  outbox_free(&c->outbox);
  for (struct news *news = news_take(&c->news), *next; news != NULL; news = next) {
    next = news->next;
    news_free(news);
  }
  gpr_free(c->subscribe);
  cluster_free(&c->cluster);
  pthread_cond_destroy(&c->left);
  pthread_mutex_destroy(&c->lock);
  close(c->wake);
}

struct news *connection_take(struct connection *c) {
  eventfd_t count;
  eventfd_read(c->wake, &count);
  pthread_mutex_lock(&c->lock);
  struct news *news = news_take(&c->news);
  if (c->stalled) {
    c->stalled = false;
    c->last_heard = now_micros();
    stream_receive(&c->stream);
  }
  pthread_mutex_unlock(&c->lock);
  return news;
}
