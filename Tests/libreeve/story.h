// A framework and a master in one process, and what the framework is told, as lines.
#pragma once

#include "master.h"
#include "reeve.h"

struct story {
  struct master master;
  reeve *r;
  char directory[64], token_file[80];
  char *told;  // what was told and is not expected yet, a line each
  int updates_result;
  struct reeve_options options;
  struct reeve_callbacks callbacks;
};

/// A master that listens, and options for a framework `sweep` of it.
void story_begin(struct story *);
/// Opens the framework with the story's options, and hears its subscription.
void story_subscribe(struct story *);
/// Hears another subscription of it.
void story_subscribe_again(struct story *);
void story_end(struct story *);

/// The next line that is told is this one.
void expect(struct story *, const char *line);
/// So it is, of a stream that has broken for a reason in gRPC's own words.
void expect_away(struct story *);
/// Nothing is told that was not expected.
void expect_no_more(struct story *);

/// The last call has failed with that status and that sentence.
void expect_error(struct story *, int result, int status, const char *sentence);

/// The next message is of that kind (`REEVE__V1__FRAMEWORK_UP__MESSAGE_…`), to be freed with `heard_free`.
Reeve__V1__FrameworkUp *hear(struct story *, Reeve__V1__FrameworkUp__MessageCase);
/// So it is, and nothing more is asked of it.
void hear_and_forget(struct story *, Reeve__V1__FrameworkUp__MessageCase);

void say_subscribed(struct story *, int64_t heartbeat_micros, bool resumed);
/// `count` slices of a core and 64 MiB on rack `west`.
void say_offer(struct story *, uint64_t id, uint32_t key, uint32_t count);
void say_rescind(struct story *, uint64_t offer, const char *reason);
void say_reply(struct story *, uint64_t serial, const char *code, uint64_t tasks);
/// Tasks `t0`, `t1` … are in that state; update numbers count from `first`, 0: none of them is to be acknowledged.
void say_updates(struct story *, uint64_t first, size_t count, enum reeve_state);

/// Demands so many slices of a core and 64 MiB as key 7.
uint64_t demand(struct story *, uint32_t count);
struct reeve_task task_named(const char *id);
