#include "stream.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/compression.h>
#include <grpc/grpc_security.h>
#include <grpc/support/alloc.h>
#include <grpc/support/time.h>
#include <stdlib.h>
#include <string.h>

// What the completion queue hands back. One call is open at a time, so that the kind of operation says all.
enum { CALL = 1, SEND, RECEIVE, HALF_CLOSE };

static void start(struct stream *s, const grpc_op *operations, size_t count, uintptr_t tag) {
  grpc_call_error error = grpc_call_start_batch(s->call, operations, count, (void *)tag, NULL);
  // Anything else is a mistake of this file.
  if (error != GRPC_CALL_OK) abort();
  s->outstanding++;
}

static grpc_channel *open_channel(const char *address) {
  grpc_arg arguments[] = {
      {.type = GRPC_ARG_INTEGER, .key = GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, .value.integer = MESSAGE_BYTES_MAX},
      {.type = GRPC_ARG_INTEGER, .key = GRPC_ARG_MAX_SEND_MESSAGE_LENGTH, .value.integer = MESSAGE_BYTES_MAX},
      // Masters do not compress: nothing that is small on the wire and huge in memory is let in.
      {.type = GRPC_ARG_INTEGER, .key = GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, .value.integer = 0},
      {.type = GRPC_ARG_INTEGER,
       .key = GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET,
       .value.integer = 1 << GRPC_COMPRESS_NONE},
      // To try again is the session's: only it knows that a new stream begins with a subscription.
      {.type = GRPC_ARG_INTEGER, .key = GRPC_ARG_ENABLE_RETRIES, .value.integer = 0},
      // Else channels to one address share a connection, and with it the core's own back-off.
      {.type = GRPC_ARG_INTEGER, .key = GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, .value.integer = 1},
      // A master is reached directly, whatever `http_proxy` says.
      {.type = GRPC_ARG_INTEGER, .key = GRPC_ARG_ENABLE_HTTP_PROXY, .value.integer = 0},
  };
  grpc_channel_args all = {.num_args = sizeof arguments / sizeof *arguments, .args = arguments};
  grpc_channel_credentials *plaintext = grpc_insecure_credentials_create();
  grpc_channel *channel = grpc_channel_create(address, plaintext, &all);
  grpc_channel_credentials_release(plaintext);
  return channel;
}

void stream_create(struct stream *s) {
  memset(s, 0, sizeof *s);
  s->queue = grpc_completion_queue_create_for_next(NULL);
}

void stream_destroy(struct stream *s) {
  grpc_completion_queue_destroy(s->queue);
  gpr_free(s->reason);
}

void stream_open(struct stream *s, const char *address, const char *authorization) {
  s->channel = open_channel(address);
  s->call = grpc_channel_create_call(
      s->channel, NULL, GRPC_PROPAGATE_DEFAULTS, s->queue,
      grpc_slice_from_static_string("/reeve.v1.FrameworkSession/Open"), NULL, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
  s->has_status = false;
  grpc_metadata_array_init(&s->initial_metadata);
  grpc_metadata_array_init(&s->trailing_metadata);
  grpc_metadata metadata = {
      .key = grpc_slice_from_static_string("authorization"), .value = grpc_slice_from_copied_string(authorization)};
  grpc_op operations[] = {
      {.op = GRPC_OP_SEND_INITIAL_METADATA, .data.send_initial_metadata = {.count = 1, .metadata = &metadata}},
      {.op = GRPC_OP_RECV_INITIAL_METADATA,
       .data.recv_initial_metadata.recv_initial_metadata = &s->initial_metadata},
      {.op = GRPC_OP_RECV_STATUS_ON_CLIENT,
       .data.recv_status_on_client =
           {.trailing_metadata = &s->trailing_metadata, .status = &s->status, .status_details = &s->details}},
  };
  start(s, operations, 3, CALL);
  grpc_slice_unref(metadata.value);
  stream_receive(s);
}

void stream_send(struct stream *s, const void *bytes, size_t length) {
  grpc_slice slice = grpc_slice_from_copied_buffer(bytes, length);
  grpc_byte_buffer *buffer = grpc_raw_byte_buffer_create(&slice, 1);
  grpc_slice_unref(slice);
  grpc_op operation = {.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = buffer};
  start(s, &operation, 1, SEND);
  grpc_byte_buffer_destroy(buffer);
  s->sending = true;
}

void stream_receive(struct stream *s) {
  grpc_op operation = {.op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &s->received};
  start(s, &operation, 1, RECEIVE);
  s->receiving = true;
}

void stream_half_close(struct stream *s) {
  grpc_op operation = {.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT};
  start(s, &operation, 1, HALF_CLOSE);
}

void stream_cancel(struct stream *s, const char *why) {
  grpc_call_cancel_with_status(s->call, GRPC_STATUS_UNAVAILABLE, why, NULL);
}

void stream_shut_down(struct stream *s) { grpc_completion_queue_shutdown(s->queue); }

grpc_event stream_next(struct stream *s, int64_t deadline_micros) {
  gpr_timespec deadline = deadline_micros == INT64_MAX ? gpr_inf_future(GPR_CLOCK_MONOTONIC)
                                                       : gpr_time_from_micros(deadline_micros, GPR_CLOCK_MONOTONIC);
  return grpc_completion_queue_next(s->queue, deadline, NULL);
}

static void close_call(struct stream *s) {
  grpc_call_unref(s->call);
  grpc_channel_destroy(s->channel);
  grpc_metadata_array_destroy(&s->initial_metadata);
  grpc_metadata_array_destroy(&s->trailing_metadata);
  gpr_free(s->reason);
  s->reason = grpc_slice_to_c_string(s->details);
  grpc_slice_unref(s->details);
  s->call = NULL;
  s->channel = NULL;
}

enum stream_event stream_settle(struct stream *s, grpc_event event) {
  if (event.type == GRPC_QUEUE_SHUTDOWN) return STREAM_SHUT_DOWN;
  if (event.type == GRPC_QUEUE_TIMEOUT) return STREAM_TIMEOUT;
  s->outstanding--;
  enum stream_event result = STREAM_SETTLED;
  switch ((uintptr_t)event.tag) {
    case CALL:
      s->has_status = true;
      break;
    case SEND:
      s->sending = false;
      if (event.success) result = STREAM_SENT;
      break;
    case RECEIVE:
      s->receiving = false;
      // None is the end of the stream: its status follows.
      if (s->received != NULL) result = STREAM_RECEIVED;
      break;
  }
  // The status may overtake other operations, which are over by then: each is waited for, as it points into this.
  if (s->has_status && s->outstanding == 0 && result != STREAM_RECEIVED) {
    close_call(s);
    return STREAM_CLOSED;
  }
  return result;
}

grpc_slice stream_bytes(grpc_byte_buffer *buffer) {
  grpc_byte_buffer_reader reader;
  grpc_byte_buffer_reader_init(&reader, buffer);
  grpc_slice bytes = grpc_byte_buffer_reader_readall(&reader);
  grpc_byte_buffer_reader_destroy(&reader);
  grpc_byte_buffer_destroy(buffer);
  return bytes;
}
