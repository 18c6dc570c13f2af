// What no master should send.
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "story.h"
#include "tests.h"

/// The framework leaves the stream with that reason, and comes again.
static void expect_left(struct story *s, const char *reason) {
  expect(s, reason);
  story_subscribe_again(s);
  hear_and_forget(s, REEVE__V1__FRAMEWORK_UP__MESSAGE_RECONCILE);
}

static void bytes_that_are_no_message_end_the_stream(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  master_say_bytes(&s.master, "\x0a\xff\xff", 3);
  expect_left(&s, "away: the master has sent nonsense: it cannot be decoded: 3 bytes");
  // Two million offers in four million bytes.
  size_t length = 4000000;
  char *bytes = malloc(length + 5);
  memcpy(bytes, "\x12\x80\x92\xf4\x01", 5);
  for (size_t i = 0; i < length; i += 2) memcpy(bytes + 5 + i, "\x0a\x00", 2);
  master_say_bytes(&s.master, bytes, length + 5);
  free(bytes);
  expect_left(&s, "away: the master has sent nonsense: it is blown up: 4000005 bytes");
  // Nothing at all, and a kind of message that is not known, are passed over.
  master_say_bytes(&s.master, "", 0);
  master_say_bytes(&s.master, "\xa2\x06\x01x", 4);
  say_rescind(&s, 4, "expired");
  expect(&s, "rescinded 4: expired");
  story_end(&s);
}

/// Updates with columns that are good but for what `spoil` does to them.
static void say_spoilt(struct story *s, void (*spoil)(Reeve__V1__TaskUpdates *)) {
  uint64_t numbers[] = {1, 2};
  uint32_t states[] = {3, 3}, ends[] = {1, 2, 2};
  Reeve__V1__PackedStrings names = REEVE__V1__PACKED_STRINGS__INIT;
  names.data = (ProtobufCBinaryData){.len = 2, .data = (uint8_t[]){'a', 'b'}};
  names.ends = ends;
  Reeve__V1__TaskUpdates updates = REEVE__V1__TASK_UPDATES__INIT;
  updates.ids = numbers;
  updates.states = states;
  updates.names = &names;
  updates.n_ids = updates.n_states = names.n_ends = 2;
  spoil(&updates);
  Reeve__V1__FrameworkDown down = REEVE__V1__FRAMEWORK_DOWN__INIT;
  down.message_case = REEVE__V1__FRAMEWORK_DOWN__MESSAGE_UPDATES;
  down.updates = &updates;
  master_say(&s->master, &down);
}

static void lose_a_state(Reeve__V1__TaskUpdates *updates) { updates->n_states = 1; }
static void lose_the_names(Reeve__V1__TaskUpdates *updates) { updates->names = NULL; }
static void add_a_name(Reeve__V1__TaskUpdates *updates) { updates->names->n_ends = 3; }
static void go_back(Reeve__V1__TaskUpdates *updates) { updates->names->ends[0] = 9; }
static void end_early(Reeve__V1__TaskUpdates *updates) { updates->names->ends[1] = 1; }
static void end_late(Reeve__V1__TaskUpdates *updates) { updates->names->ends[1] = 0xffffffff; }
static void put_a_nul(Reeve__V1__TaskUpdates *updates) { updates->names->data.data[0] = 0; }
static void take_an_unknown_state(Reeve__V1__TaskUpdates *updates) { updates->states[1] = 7; }
static void add_reasons(Reeve__V1__TaskUpdates *updates) {
  static uint32_t ends[3];
  static Reeve__V1__PackedStrings reasons = REEVE__V1__PACKED_STRINGS__INIT;
  reasons.ends = ends;
  reasons.n_ends = 3;
  updates->reasons = &reasons;
}
static void lose_a_status(Reeve__V1__TaskUpdates *updates) {
  static int32_t status;
  updates->statuses = &status;
  updates->n_statuses = 1;
}

static void columns_that_do_not_fit_together_end_the_stream(void) {
  static const struct {
    void (*spoil)(Reeve__V1__TaskUpdates *);
    const char *reason;
  } cases[] = {
      {lose_a_state, "updates: 1 states for 2 tasks"},
      {lose_the_names, "updates: 0 names for 2 tasks"},
      {add_a_name, "updates: 3 names for 2 tasks"},
      {go_back, "updates: the ends of the names go back at 1"},
      {end_early, "updates: the names end at 1 of 2 bytes"},
      {end_late, "updates: the names end at 4294967295 of 2 bytes"},
      {put_a_nul, "updates: there is a NUL byte in the names"},
      {take_an_unknown_state, "updates: state 7 at 1; 0 to 6 are known"},
      {add_reasons, "updates: 3 reasons for 2 tasks"},
      {lose_a_status, "updates: 1 statuses for 2 tasks"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct story s;
    story_begin(&s);
    story_subscribe(&s);
    say_spoilt(&s, cases[i].spoil);
    char line[128];
    snprintf(line, sizeof line, "away: the master has sent nonsense: %s", cases[i].reason);
    expect_left(&s, line);
    story_end(&s);
  }
}

static void offers_of_nothing_end_the_stream(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  say_offer(&s, 17, 7, 0);
  expect_left(&s, "away: the master has sent nonsense: offer 17 is of nothing");
  // An offer of which only the id is said.
  master_say_bytes(&s.master, "\x12\x04\x0a\x02\x08\x11", 6);
  expect_left(&s, "away: the master has sent nonsense: offer 17 has no shape");
  story_end(&s);
}

static void a_stream_begins_with_one_answer_to_the_subscription(void) {
  struct story s;
  story_begin(&s);
  CHECK(reeve_open(&s.options, &s.r) == 0);
  master_answer(&s.master);
  say_updates(&s, 1, 1, REEVE_RUNNING);
  expect(&s, "away: the master's first message is not the answer to the subscription");
  story_subscribe_again(&s);
  say_subscribed(&s, 60000000, true);
  expect(&s, "away: the master has answered the subscription twice");
  story_end(&s);
}

static void replies_to_what_was_not_asked_change_nothing(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  say_reply(&s, 99, "gone", 5);
  say_reply(&s, 0, "invalid", 0);
  expect(&s, "reply 99: gone field Not so.");
  expect(&s, "reply 0: invalid field Not so.");
  CHECK(demand(&s, 2) == 1);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_DEMAND);
  story_end(&s);
}

static void messages_up_to_64_MiB_are_taken(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  size_t length = (64 << 20) + 1;
  char *bytes = calloc(1, length);
  // One field of bytes that is not known, filling all of the message.
  memcpy(bytes, "\xa2\x06\xf9\xff\xff\x1f", 6);
  master_say_bytes(&s.master, bytes, length - 2);
  say_rescind(&s, 4, "expired");
  expect(&s, "rescinded 4: expired");
  master_say_bytes(&s.master, bytes, length);
  free(bytes);
  expect_left(&s, "away: Received message larger than max (67108865 vs. 67108864)");
  story_end(&s);
}

/// A server that sends these bytes to whoever calls, reads some, and hangs up.
static void half_answer(int listener, const void *bytes, size_t length) {
  int connection = accept(listener, NULL, NULL);
  CHECK(connection >= 0);
  char heard[4096];
  CHECK(read(connection, heard, sizeof heard) > 0);
  CHECK(write(connection, bytes, length) == (ssize_t)length);
  usleep(100000);
  close(connection);
}

/// The framework goes on to the next address when the first has answered so.
static void answer_and_expect_away(const void *answer, size_t answer_length) {
  struct story s;
  story_begin(&s);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 5) == 0);
  CHECK(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
  char addresses[64];
  snprintf(addresses, sizeof addresses, "127.0.0.1:%d,%s", ntohs(address.sin_port), s.master.address);
  s.options.addresses = addresses;
  CHECK(reeve_open(&s.options, &s.r) == 0);
  half_answer(listener, answer, answer_length);
  close(listener);
  master_answer(&s.master);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_SUBSCRIBE);
  say_subscribed(&s, 60000000, false);
  expect_away(&s);
  expect(&s, "subscribed sweep, term 3, 1 capabilities");
  story_end(&s);
}

// SETTINGS and their acknowledgement; then HEADERS of stream 1 (:status 200, content-type application/grpc …).
#define SETTINGS "\0\0\0\4\0\0\0\0\0" "\0\0\0\4\1\0\0\0\0"
#define RESPONSE "\x88\x0f\x10\x10" "application/grpc"

static void half_a_message_is_no_message(void) {
  // DATA: a message of 100 bytes, of which 3 come.
  static const char answer[] =
      SETTINGS "\0\0\x14\1\4\0\0\0\1" RESPONSE "\0\0\x08\0\0\0\0\0\1" "\0\0\0\0\x64\x0a\x02\x08";
  answer_and_expect_away(answer, sizeof answer - 1);
}

static void compressed_messages_are_not_taken(void) {
  // … grpc-encoding gzip; DATA: a message that is said to be compressed.
  static const char answer[] =
      SETTINGS "\0\0\x28\1\4\0\0\0\1" RESPONSE "\0\x0d" "grpc-encoding" "\4" "gzip"
      "\0\0\x0a\0\0\0\0\0\1" "\1\0\0\0\x05" "hello";
  answer_and_expect_away(answer, sizeof answer - 1);
}

static void what_is_no_HTTP_is_no_master(void) {
  static const char answer[] = "SSH-2.0-OpenSSH_9.2\r\n";
  answer_and_expect_away(answer, sizeof answer - 1);
}

void run_nonsense_tests(void) {
  RUN(bytes_that_are_no_message_end_the_stream);
  RUN(columns_that_do_not_fit_together_end_the_stream);
  RUN(offers_of_nothing_end_the_stream);
  RUN(a_stream_begins_with_one_answer_to_the_subscription);
  RUN(replies_to_what_was_not_asked_change_nothing);
  RUN(messages_up_to_64_MiB_are_taken);
  RUN(half_a_message_is_no_message);
  RUN(compressed_messages_are_not_taken);
  RUN(what_is_no_HTTP_is_no_master);
}
