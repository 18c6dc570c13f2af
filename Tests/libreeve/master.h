// A master that says what a test makes it say: gRPC's C core as the server, driven step by step.
//
// Whatever does not happen within thirty seconds ends the test.
#pragma once

#include <grpc/grpc.h>
#include <stddef.h>
#include <stdint.h>

#include "reeve/v1/framework_session.pb-c.h"

#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)
void check(int holds, const char *what, const char *file, int line);

struct master {
  grpc_server *server;
  grpc_completion_queue *queue;
  grpc_call *call;
  int port;
  char address[32];
  char authorization[128];  // of the last call
};

/// `port` 0: any.
void master_start(struct master *, int port);
/// Cuts what is open; nobody listens any more.
void master_stop(struct master *);

/// Waits for a framework to call; the older call, if any, is over.
void master_answer(struct master *);
/// The next message but heartbeats, to be freed with `heard_free`; NULL: it has said its last.
Reeve__V1__FrameworkUp *master_hear(struct master *);
/// The next message, whatever it is.
Reeve__V1__FrameworkUp *master_hear_any(struct master *);
void heard_free(Reeve__V1__FrameworkUp *);

void master_say(struct master *, const Reeve__V1__FrameworkDown *);
void master_say_bytes(struct master *, const void *bytes, size_t length);
/// Ends the call with a status.
void master_end(struct master *, grpc_status_code, const char *text);
/// Breaks the call off.
void master_cut(struct master *);
