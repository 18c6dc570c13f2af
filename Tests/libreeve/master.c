#include "master.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc_security.h>
#include <grpc/support/alloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void check(int holds, const char *what, const char *file, int line) {
  if (holds) return;
  fprintf(stderr, "%s:%d: %s does not hold\n", file, line, what);
  abort();
}

static gpr_timespec thirty_seconds(void) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_seconds(30, GPR_TIMESPAN));
}

/// Waits for the operation of that tag; one at a time is under way. Returns whether it went well.
static int await(struct master *m, const void *tag) {
  grpc_event event = grpc_completion_queue_next(m->queue, thirty_seconds(), NULL);
  CHECK(event.type == GRPC_OP_COMPLETE);
  CHECK(event.tag == tag);
  return event.success;
}

static int perform(struct master *m, const grpc_op *operations, size_t count) {
  CHECK(grpc_call_start_batch(m->call, operations, count, m->call, NULL) == GRPC_CALL_OK);
  return await(m, m->call);
}

void master_start(struct master *m, int port) {
  *m = (struct master){0};
  grpc_init();
  grpc_arg arguments[] = {
      {.type = GRPC_ARG_INTEGER, .key = GRPC_ARG_ALLOW_REUSEPORT, .value.integer = 0},
      {.type = GRPC_ARG_INTEGER, .key = GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, .value.integer = 64 << 20},
  };
  grpc_channel_args all = {.num_args = 2, .args = arguments};
  m->queue = grpc_completion_queue_create_for_next(NULL);
  m->server = grpc_server_create(&all, NULL);
  grpc_server_register_completion_queue(m->server, m->queue, NULL);
  snprintf(m->address, sizeof m->address, "127.0.0.1:%d", port);
  grpc_server_credentials *plaintext = grpc_insecure_server_credentials_create();
  m->port = grpc_server_add_http2_port(m->server, m->address, plaintext);
  grpc_server_credentials_release(plaintext);
  CHECK(m->port > 0);
  snprintf(m->address, sizeof m->address, "127.0.0.1:%d", m->port);
  grpc_server_start(m->server);
}

static void forget_call(struct master *m) {
  if (m->call != NULL) grpc_call_unref(m->call);
  m->call = NULL;
}

void master_stop(struct master *m) {
  grpc_server_shutdown_and_notify(m->server, m->queue, m);
  grpc_server_cancel_all_calls(m->server);
  forget_call(m);
  await(m, m);
  grpc_server_destroy(m->server);
  grpc_completion_queue_shutdown(m->queue);
  while (grpc_completion_queue_next(m->queue, thirty_seconds(), NULL).type != GRPC_QUEUE_SHUTDOWN) continue;
  grpc_completion_queue_destroy(m->queue);
  grpc_shutdown();
}

void master_answer(struct master *m) {
  forget_call(m);
  grpc_call_details details;
  grpc_metadata_array metadata;
  grpc_call_details_init(&details);
  grpc_metadata_array_init(&metadata);
  CHECK(
      grpc_server_request_call(m->server, &m->call, &details, &metadata, m->queue, m->queue, m) == GRPC_CALL_OK);
  CHECK(await(m, m));
  CHECK(grpc_slice_str_cmp(details.method, "/reeve.v1.FrameworkSession/Open") == 0);
  *m->authorization = 0;
  for (size_t i = 0; i < metadata.count; i++) {
    if (grpc_slice_str_cmp(metadata.metadata[i].key, "authorization") != 0) continue;
    char *value = grpc_slice_to_c_string(metadata.metadata[i].value);
    snprintf(m->authorization, sizeof m->authorization, "%s", value);
    gpr_free(value);
  }
  grpc_call_details_destroy(&details);
  grpc_metadata_array_destroy(&metadata);
  grpc_op operation = {.op = GRPC_OP_SEND_INITIAL_METADATA};
  CHECK(perform(m, &operation, 1));
}

Reeve__V1__FrameworkUp *master_hear_any(struct master *m) {
  grpc_byte_buffer *buffer = NULL;
  grpc_op operation = {.op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &buffer};
  if (!perform(m, &operation, 1) || buffer == NULL) return NULL;
  grpc_byte_buffer_reader reader;
  CHECK(grpc_byte_buffer_reader_init(&reader, buffer));
  grpc_slice bytes = grpc_byte_buffer_reader_readall(&reader);
  grpc_byte_buffer_reader_destroy(&reader);
  grpc_byte_buffer_destroy(buffer);
  Reeve__V1__FrameworkUp *up =
      reeve__v1__framework_up__unpack(NULL, GRPC_SLICE_LENGTH(bytes), GRPC_SLICE_START_PTR(bytes));
  grpc_slice_unref(bytes);
  CHECK(up != NULL);
  return up;
}

Reeve__V1__FrameworkUp *master_hear(struct master *m) {
  for (;;) {
    Reeve__V1__FrameworkUp *up = master_hear_any(m);
    if (up == NULL || up->message_case != REEVE__V1__FRAMEWORK_UP__MESSAGE_HEARTBEAT) return up;
    heard_free(up);
  }
}

void heard_free(Reeve__V1__FrameworkUp *up) { reeve__v1__framework_up__free_unpacked(up, NULL); }

void master_say_bytes(struct master *m, const void *bytes, size_t length) {
  grpc_slice slice = grpc_slice_from_copied_buffer(bytes, length);
  grpc_byte_buffer *buffer = grpc_raw_byte_buffer_create(&slice, 1);
  grpc_op operation = {.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = buffer};
  // The framework may have left meanwhile.
  perform(m, &operation, 1);
  grpc_byte_buffer_destroy(buffer);
  grpc_slice_unref(slice);
}

void master_say(struct master *m, const Reeve__V1__FrameworkDown *down) {
  size_t length = reeve__v1__framework_down__get_packed_size(down);
  uint8_t *bytes = malloc(length + 1);
  reeve__v1__framework_down__pack(down, bytes);
  master_say_bytes(m, bytes, length);
  free(bytes);
}

void master_end(struct master *m, grpc_status_code status, const char *text) {
  grpc_slice details = grpc_slice_from_copied_string(text);
  grpc_op operation = {
      .op = GRPC_OP_SEND_STATUS_FROM_SERVER,
      .data.send_status_from_server = {.status = status, .status_details = &details},
  };
  perform(m, &operation, 1);
  grpc_slice_unref(details);
  forget_call(m);
}

void master_cut(struct master *m) {
  CHECK(grpc_call_cancel(m->call, NULL) == GRPC_CALL_OK);
  forget_call(m);
}
