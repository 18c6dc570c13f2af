// One call of FrameworkSession.Open over gRPC's C core, on a channel of its own.
//
// All but `stream_next` wants the caller's lock; `stream_next` is called by one thread, without it, and hands what it
// returns to `stream_settle` under the lock.
#pragma once

#include <grpc/grpc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The most that one message may hold, either way. Masters take as much.
#define MESSAGE_BYTES_MAX ((size_t)64 << 20)

enum stream_event {
  STREAM_TIMEOUT,
  STREAM_SETTLED,   // nothing to be told
  STREAM_SENT,      // there is room for the next message
  STREAM_RECEIVED,  // `received` holds a message
  STREAM_CLOSED,    // `status` and `reason` say why; the next may be opened
  STREAM_SHUT_DOWN,
};

struct stream {
  grpc_completion_queue *queue;
  grpc_channel *channel;
  grpc_call *call;  // NULL: none is open
  unsigned outstanding;
  bool sending, receiving, has_status;
  grpc_byte_buffer *received;
  grpc_metadata_array initial_metadata, trailing_metadata;
  grpc_status_code status;
  grpc_slice details;
  char *reason;  // of the last one's end; lives until the next ends
};

void stream_create(struct stream *);
/// After STREAM_SHUT_DOWN.
void stream_destroy(struct stream *);

/// Calls a master. Failures come as STREAM_CLOSED.
void stream_open(struct stream *, const char *address, const char *authorization);

/// Not while `sending`. The bytes are copied.
void stream_send(struct stream *, const void *bytes, size_t length);
/// Asks for the next message, which is a promise of room for one. Not while `receiving`.
void stream_receive(struct stream *);
/// Says that nothing more will be sent. Not while `sending`.
void stream_half_close(struct stream *);
/// Ends the call with a status of our own, if it has none yet.
void stream_cancel(struct stream *, const char *why);

/// No event but STREAM_SHUT_DOWN comes after what is under way.
void stream_shut_down(struct stream *);

/// Waits for something to happen, at most until `deadline_micros` of the monotonic clock.
grpc_event stream_next(struct stream *, int64_t deadline_micros);
enum stream_event stream_settle(struct stream *, grpc_event);

/// What was received in one piece, for `grpc_slice_unref`. Frees the buffer; wants no lock.
grpc_slice stream_bytes(grpc_byte_buffer *);
