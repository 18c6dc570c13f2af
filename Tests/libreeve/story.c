#define _GNU_SOURCE
#include "story.h"

#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// MARK: What is told

static void tell(struct story *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void tell(struct story *s, const char *format, ...) {
  char *line, *all;
  va_list arguments;
  va_start(arguments, format);
  CHECK(vasprintf(&line, format, arguments) >= 0);
  va_end(arguments);
  CHECK(asprintf(&all, "%s%s\n", s->told, line) >= 0);
  free(line);
  free(s->told);
  s->told = all;
}

static void subscribed(reeve *r, const struct reeve_subscription *subscription, void *context) {
  (void)r;
  size_t capabilities = 0;
  while (subscription->capabilities[capabilities] != NULL) capabilities++;
  tell(
      context, "subscribed %s%s, term %u, %zu capabilities", subscription->framework, subscription->resumed ? " again" : "",
      subscription->term, capabilities);
}

static void offers(reeve *r, const struct reeve_offer *told, size_t count, void *context) {
  (void)r;
  for (size_t i = 0; i < count; i++) {
    tell(
        context, "offer %" PRIu64 " for %u: %u x %" PRId64 " on %s%s", told[i].id, told[i].key, told[i].count,
        told[i].shape.cpu_millis, told[i].rack, told[i].node);
  }
}

static void rescinded(reeve *r, const uint64_t *told, size_t count, const char *reason, void *context) {
  (void)r;
  for (size_t i = 0; i < count; i++) tell(context, "rescinded %" PRIu64 ": %s", told[i], reason);
}

static int updates(reeve *r, const struct reeve_update *told, size_t count, void *context) {
  (void)r;
  for (size_t i = 0; i < count; i++) {
    tell(
        context, "%s is %d %s %d on %s, attempt %" PRIu64, told[i].task, told[i].state, told[i].reason, told[i].status,
        told[i].node, told[i].attempt);
  }
  return ((struct story *)context)->updates_result;
}

static void reply(reeve *r, const struct reeve_reply *told, void *context) {
  (void)r;
  if (told->code == NULL) {
    tell(context, "reply %" PRIu64 ": %" PRIu64 " tasks", told->serial, told->tasks);
  } else {
    tell(context, "reply %" PRIu64 ": %s %s %s", told->serial, told->code, told->field, told->message);
  }
}

static void disconnected(reeve *r, const char *reason, void *context) {
  (void)r;
  tell(context, "away: %s", reason);
}

static void failed(reeve *r, const char *reason, void *context) {
  (void)r;
  tell(context, "failed: %s", reason);
}

/// The next line, for `free`; waits for it.
static char *next_line(struct story *s, const char *expected) {
  char *end;
  while ((end = strchr(s->told, '\n')) == NULL) {
    struct pollfd wait = {.fd = reeve_fd(s->r), .events = POLLIN};
    if (poll(&wait, 1, 30000) != 1) {
      fprintf(stderr, "expected \"%s\", and nothing is told\n", expected);
      abort();
    }
    reeve_dispatch(s->r);
  }
  char *line = strndup(s->told, (size_t)(end - s->told));
  memmove(s->told, end + 1, strlen(end + 1) + 1);
  return line;
}

void expect(struct story *s, const char *line) {
  char *told = next_line(s, line);
  if (strcmp(told, line) != 0) {
    fprintf(stderr, "expected \"%s\", and was told \"%s\"\n", line, told);
    abort();
  }
  free(told);
}

void expect_away(struct story *s) {
  char *told = next_line(s, "away: …");
  CHECK(strncmp(told, "away: ", 6) == 0);
  free(told);
}

void expect_no_more(struct story *s) {
  reeve_dispatch(s->r);
  if (*s->told != 0) fprintf(stderr, "not expected: %s", s->told);
  CHECK(*s->told == 0);
}

void expect_error(struct story *s, int result, int status, const char *sentence) {
  CHECK(result == status);
  if (strcmp(reeve_error(s->r), sentence) == 0) return;
  fprintf(stderr, "expected \"%s\"\n     got \"%s\"\n", sentence, reeve_error(s->r));
  abort();
}

// MARK: Beginning and end

void story_begin(struct story *s) {
  *s = (struct story){.told = strdup("")};
  master_start(&s->master, 0);
  strcpy(s->directory, "/tmp/libreeve-test-XXXXXX");
  CHECK(mkdtemp(s->directory) != NULL);
  snprintf(s->token_file, sizeof s->token_file, "%s/token", s->directory);
  FILE *file = fopen(s->token_file, "w");
  CHECK(file != NULL && fputs("0123456789abcdef\n", file) >= 0 && fclose(file) == 0);
  CHECK(chmod(s->token_file, 0600) == 0);
  s->callbacks = (struct reeve_callbacks){
      .size = sizeof s->callbacks,
      .subscribed = subscribed,
      .offers = offers,
      .rescinded = rescinded,
      .updates = updates,
      .reply = reply,
      .disconnected = disconnected,
      .failed = failed,
  };
  s->options = (struct reeve_options){
      .size = sizeof s->options,
      .framework = "sweep",
      .user = "ann",
      .addresses = s->master.address,
      .token_file = s->token_file,
      .callbacks = &s->callbacks,
      .context = s,
  };
}

void story_subscribe(struct story *s) {
  CHECK(reeve_open(&s->options, &s->r) == 0);
  master_answer(&s->master);
  hear_and_forget(s, REEVE__V1__FRAMEWORK_UP__MESSAGE_SUBSCRIBE);
  say_subscribed(s, 60000000, false);
  expect(s, "subscribed sweep, term 3, 1 capabilities");
}

void story_subscribe_again(struct story *s) {
  master_answer(&s->master);
  hear_and_forget(s, REEVE__V1__FRAMEWORK_UP__MESSAGE_SUBSCRIBE);
  say_subscribed(s, 60000000, true);
  expect(s, "subscribed sweep again, term 3, 1 capabilities");
}

void story_end(struct story *s) {
  expect_no_more(s);
  // First the master, who would otherwise be waited for.
  master_stop(&s->master);
  reeve_close(s->r);
  unlink(s->token_file);
  rmdir(s->directory);
  free(s->told);
}

// MARK: What is heard and said

Reeve__V1__FrameworkUp *hear(struct story *s, Reeve__V1__FrameworkUp__MessageCase kind) {
  Reeve__V1__FrameworkUp *up = master_hear(&s->master);
  CHECK(up != NULL);
  if (up->message_case != kind) fprintf(stderr, "heard message %d, not %d\n", up->message_case, kind);
  CHECK(up->message_case == kind);
  return up;
}

void hear_and_forget(struct story *s, Reeve__V1__FrameworkUp__MessageCase kind) { heard_free(hear(s, kind)); }

void say_subscribed(struct story *s, int64_t heartbeat_micros, bool resumed) {
  char *capabilities[] = {(char[]){"messages"}};
  Reeve__V1__Subscribed subscribed = REEVE__V1__SUBSCRIBED__INIT;
  subscribed.framework = subscribed.job = (char[]){"sweep"};
  subscribed.term = 3;
  subscribed.resumed = resumed;
  subscribed.heartbeat_micros = heartbeat_micros;
  subscribed.capabilities = capabilities;
  subscribed.n_capabilities = 1;
  Reeve__V1__FrameworkDown down = REEVE__V1__FRAMEWORK_DOWN__INIT;
  down.message_case = REEVE__V1__FRAMEWORK_DOWN__MESSAGE_SUBSCRIBED;
  down.subscribed = &subscribed;
  master_say(&s->master, &down);
}

void say_offer(struct story *s, uint64_t id, uint32_t key, uint32_t count) {
  Reeve__V1__Resources shape = REEVE__V1__RESOURCES__INIT;
  shape.cpu_millis = 1000;
  shape.memory = 64 << 20;
  Reeve__V1__Offer offer = REEVE__V1__OFFER__INIT, *all = &offer;
  offer.id = id;
  offer.key = key;
  offer.shape = &shape;
  offer.count = count;
  offer.rack = (char[]){"west"};
  offer.expires_micros = 30000000;
  Reeve__V1__Offers offers = REEVE__V1__OFFERS__INIT;
  offers.offers = &all;
  offers.n_offers = 1;
  Reeve__V1__FrameworkDown down = REEVE__V1__FRAMEWORK_DOWN__INIT;
  down.message_case = REEVE__V1__FRAMEWORK_DOWN__MESSAGE_OFFERS;
  down.offers = &offers;
  master_say(&s->master, &down);
}

void say_rescind(struct story *s, uint64_t offer, const char *reason) {
  Reeve__V1__Rescind rescind = REEVE__V1__RESCIND__INIT;
  rescind.offers = &offer;
  rescind.n_offers = 1;
  rescind.reason = (char *)reason;
  Reeve__V1__FrameworkDown down = REEVE__V1__FRAMEWORK_DOWN__INIT;
  down.message_case = REEVE__V1__FRAMEWORK_DOWN__MESSAGE_RESCIND;
  down.rescind = &rescind;
  master_say(&s->master, &down);
}

void say_reply(struct story *s, uint64_t serial, const char *code, uint64_t tasks) {
  Reeve__V1__Problem problem = REEVE__V1__PROBLEM__INIT;
  problem.code = (char *)code;
  problem.field = (char[]){"field"};
  problem.message = (char[]){"Not so."};
  Reeve__V1__FrameworkReply reply = REEVE__V1__FRAMEWORK_REPLY__INIT;
  reply.serial = serial;
  reply.tasks = tasks;
  if (code != NULL) reply.problem = &problem;
  Reeve__V1__FrameworkDown down = REEVE__V1__FRAMEWORK_DOWN__INIT;
  down.message_case = REEVE__V1__FRAMEWORK_DOWN__MESSAGE_REPLY;
  down.reply = &reply;
  master_say(&s->master, &down);
}

void say_updates(struct story *s, uint64_t first, size_t count, enum reeve_state state) {
  uint64_t *numbers = calloc(count, sizeof *numbers);
  uint32_t *states = calloc(count, sizeof *states), *ends = calloc(count, sizeof *ends);
  char *names = calloc(count, 16);
  size_t bytes = 0;
  for (size_t i = 0; i < count; i++) {
    numbers[i] = first == 0 ? 0 : first + i;
    states[i] = state;
    bytes += (size_t)sprintf(names + bytes, "t%zu", i);
    ends[i] = (uint32_t)bytes;
  }
  Reeve__V1__PackedStrings packed = REEVE__V1__PACKED_STRINGS__INIT;
  packed.data = (ProtobufCBinaryData){.len = bytes, .data = (uint8_t *)names};
  packed.ends = ends;
  Reeve__V1__TaskUpdates updates = REEVE__V1__TASK_UPDATES__INIT;
  updates.ids = numbers;
  updates.states = states;
  updates.names = &packed;
  updates.n_ids = updates.n_states = packed.n_ends = count;
  Reeve__V1__FrameworkDown down = REEVE__V1__FRAMEWORK_DOWN__INIT;
  down.message_case = REEVE__V1__FRAMEWORK_DOWN__MESSAGE_UPDATES;
  down.updates = &updates;
  master_say(&s->master, &down);
  free(numbers);
  free(states);
  free(ends);
  free(names);
}

// MARK: What the framework does

uint64_t demand(struct story *s, uint32_t count) {
  struct reeve_demand demand = {
      .size = sizeof demand, .key = 7, .shape = {.cpu_millis = 1000, .memory = 64 << 20}, .count = count};
  uint64_t serial;
  CHECK(reeve_demand(s->r, &demand, 1, &serial) == 0);
  return serial;
}

struct reeve_task task_named(const char *id) {
  static const char *const argv[] = {"echo", "hello", NULL};
  return (struct reeve_task){
      .size = sizeof(struct reeve_task), .id = id, .argv = argv, .resources = {.cpu_millis = 1000, .memory = 64 << 20}};
}
