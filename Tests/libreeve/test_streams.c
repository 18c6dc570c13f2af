// Streams that break, masters that are away, and what is said again.
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "story.h"
#include "tests.h"

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static uint32_t hear_demand(struct story *s) {
  Reeve__V1__FrameworkUp *up = hear(s, REEVE__V1__FRAMEWORK_UP__MESSAGE_DEMAND);
  uint32_t count = up->demand->shapes[0]->count;
  heard_free(up);
  return count;
}

static void a_broken_stream_is_followed_by_another_that_says_again_what_stands(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  CHECK(demand(&s, 5) == 1);
  CHECK(hear_demand(&s) == 5);
  say_reply(&s, 1, NULL, 0);
  expect(&s, "reply 1: 0 tasks");
  say_offer(&s, 17, 7, 2);
  say_offer(&s, 18, 7, 1);
  expect(&s, "offer 17 for 7: 2 x 1000 on west");
  expect(&s, "offer 18 for 7: 1 x 1000 on west");
  struct reeve_task tasks[] = {task_named("a"), task_named("b")};
  uint64_t offers[] = {17, 18}, serial;
  CHECK(reeve_accept(s.r, offers, 1, "part-1", tasks, 2, &serial) == 0);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_ACCEPT);
  master_cut(&s.master);
  expect_away(&s);

  expect_error(
      &s, reeve_accept(s.r, offers + 1, 1, NULL, tasks, 1, NULL), REEVE_INVALID,
      "offers[0]: 18 cannot be accepted; it was used, declined or rescinded, or never made");
  story_subscribe_again(&s);
  // What was accepted for is not demanded any more.
  CHECK(hear_demand(&s) == 3);
  Reeve__V1__FrameworkUp *up = hear(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_RECONCILE);
  CHECK(up->serial == 0 && up->reconcile->n_tasks == 0);
  heard_free(up);
  up = hear(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_ACCEPT);
  CHECK(up->serial == serial && strcmp(up->accept->tasks->addition, "part-1") == 0);
  heard_free(up);
  // It was refused, so that its slices are demanded again.
  say_reply(&s, serial, "gone", 0);
  expect(&s, "reply 2: gone field Not so.");
  CHECK(hear_demand(&s) == 5);
  story_end(&s);
}

static void a_request_made_while_there_is_no_stream_is_sent_on_the_next(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  master_cut(&s.master);
  expect_away(&s);
  const char *task = "a";
  CHECK(reeve_kill(s.r, &task, 1, NULL) == 0);
  story_subscribe_again(&s);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_RECONCILE);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_KILL);
  story_end(&s);
}

static void updates_of_an_earlier_stream_are_not_acknowledged_on_a_later_one(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  say_updates(&s, 10, 1, REEVE_SUCCEEDED);
  master_end(&s.master, GRPC_STATUS_UNAVAILABLE, "moving");
  master_answer(&s.master);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_SUBSCRIBE);
  say_subscribed(&s, 60000000, true);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_RECONCILE);
  say_updates(&s, 30, 1, REEVE_SUCCEEDED);
  expect(&s, "t0 is 4  0 on , attempt 0");
  expect(&s, "away: moving");
  expect(&s, "subscribed sweep again, term 3, 1 capabilities");
  expect(&s, "t0 is 4  0 on , attempt 0");
  Reeve__V1__FrameworkUp *up = hear(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_ACKNOWLEDGE);
  CHECK(up->acknowledge->n_ids == 1 && up->acknowledge->ids[0] == 30);
  heard_free(up);
  story_end(&s);
}

static void a_master_that_is_away_is_called_again_until_it_is_back(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  int port = s.master.port;
  master_stop(&s.master);
  expect_away(&s);
  double before = seconds();
  while (seconds() - before < 1) expect_no_more(&s);
  master_start(&s.master, port);
  story_subscribe_again(&s);
  // 0.1 s, 0.2, 0.4 …, each less up to a half: long before a pause of 5 s.
  CHECK(seconds() - before < 5);
  story_end(&s);
}

static void several_masters_are_tried_in_turn(void) {
  struct story s;
  story_begin(&s);
  char addresses[64];
  snprintf(addresses, sizeof addresses, "127.0.0.1:1, %s", s.master.address);
  s.options.addresses = addresses;
  CHECK(reeve_open(&s.options, &s.r) == 0);
  master_answer(&s.master);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_SUBSCRIBE);
  say_subscribed(&s, 60000000, false);
  expect_away(&s);
  expect(&s, "subscribed sweep, term 3, 1 capabilities");
  story_end(&s);
}

static void a_refused_subscription_is_the_end(void) {
  struct story s;
  story_begin(&s);
  CHECK(reeve_open(&s.options, &s.r) == 0);
  master_answer(&s.master);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_SUBSCRIBE);
  master_end(&s.master, GRPC_STATUS_ABORTED, "Framework sweep was torn down. Choose another id.");
  expect(&s, "failed: Framework sweep was torn down. Choose another id.");
  const char *sentence = "the session is over: Framework sweep was torn down. Choose another id.";
  expect_error(&s, reeve_dispatch(s.r), REEVE_ENDED, sentence);
  expect_error(&s, reeve_tear_down(s.r, NULL), REEVE_ENDED, sentence);
  struct reeve_demand demand = {.size = sizeof demand, .shape.cpu_millis = 1, .count = 1};
  expect_error(&s, reeve_demand(s.r, &demand, 1, NULL), REEVE_ENDED, sentence);
  story_end(&s);
}

static void a_newer_subscription_of_the_id_ends_the_older(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  master_end(&s.master, GRPC_STATUS_ABORTED, "another process has subscribed as sweep");
  expect(&s, "failed: another process has subscribed as sweep");
  CHECK(reeve_dispatch(s.r) == REEVE_ENDED);
  story_end(&s);
}

static void both_ends_beat_and_silence_breaks_the_stream(void) {
  struct story s;
  story_begin(&s);
  CHECK(reeve_open(&s.options, &s.r) == 0);
  master_answer(&s.master);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_SUBSCRIBE);
  say_subscribed(&s, 500000, false);
  double before = seconds();
  // Nobody dispatches meanwhile.
  for (int i = 0; i < 3; i++) {
    Reeve__V1__FrameworkUp *up = master_hear_any(&s.master);
    CHECK(up != NULL && up->message_case == REEVE__V1__FRAMEWORK_UP__MESSAGE_HEARTBEAT);
    heard_free(up);
  }
  CHECK(seconds() - before < 1.49);
  expect(&s, "subscribed sweep, term 3, 1 capabilities");
  expect(&s, "away: nothing was heard from the master for 1500 ms");
  CHECK(seconds() - before > 1.49);
  story_subscribe_again(&s);
  story_end(&s);
}

static void what_was_said_before_closing_arrives(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  const char *task = "a";
  for (int i = 0; i < 100; i++) CHECK(reeve_kill(s.r, &task, 1, NULL) == 0);
  reeve_close(s.r);
  for (int i = 0; i < 100; i++) hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_KILL);
  CHECK(master_hear(&s.master) == NULL);
  // For the end of the story.
  CHECK(reeve_open(&s.options, &s.r) == 0);
  story_end(&s);
}

// More bytes than may wait for the caller and are let under way by flow control.
enum { MESSAGES = 64, TASKS = 50000 };
static atomic_int said;

static void *say_much(void *context) {
  for (said = 0; said < MESSAGES; said++) say_updates(context, 1, TASKS, REEVE_RUNNING);
  return NULL;
}

static int count_updates(reeve *r, const struct reeve_update *told, size_t count, void *context) {
  (void)r;
  (void)told;
  ((struct story *)context)->updates_result += (int)count;
  return -1;
}

static void a_master_waits_for_a_framework_that_does_not_dispatch(void) {
  struct story s;
  story_begin(&s);
  s.callbacks.updates = count_updates;
  story_subscribe(&s);
  pthread_t master;
  CHECK(pthread_create(&master, NULL, say_much, &s) == 0);
  int before = -1;
  while (said == 0 || before != said) {
    before = said;
    sleep(1);
  }
  CHECK(said < MESSAGES);
  while (s.updates_result < MESSAGES * TASKS) CHECK(reeve_dispatch(s.r) == 0);
  pthread_join(master, NULL);
  story_end(&s);
}

static void frameworks_of_one_process_have_nothing_in_common(void) {
  struct story s, other;
  story_begin(&s);
  story_begin(&other);
  story_subscribe(&s);
  story_subscribe(&other);
  say_updates(&s, 0, 1, REEVE_RUNNING);
  master_cut(&other.master);
  expect_away(&other);
  expect(&s, "t0 is 3  0 on , attempt 0");
  story_end(&s);
  story_subscribe_again(&other);
  story_end(&other);
}

static int dispatch_again(reeve *r, const struct reeve_update *told, size_t count, void *context) {
  struct story *s = context;
  (void)told;
  (void)count;
  expect_error(s, reeve_dispatch(r), REEVE_INVALID, "reeve_dispatch: a callback has called it; only return from that");
  CHECK(demand(s, 1) == 1);
  return 0;
}

static void callbacks_ask_but_do_not_dispatch(void) {
  struct story s;
  story_begin(&s);
  s.callbacks.updates = dispatch_again;
  story_subscribe(&s);
  say_updates(&s, 5, 1, REEVE_RUNNING);
  struct pollfd wait = {.fd = reeve_fd(s.r), .events = POLLIN};
  CHECK(poll(&wait, 1, 30000) == 1);
  CHECK(reeve_dispatch(s.r) == 0);
  CHECK(hear_demand(&s) == 1);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_ACKNOWLEDGE);
  story_end(&s);
}

void run_stream_tests(void) {
  RUN(a_broken_stream_is_followed_by_another_that_says_again_what_stands);
  RUN(a_request_made_while_there_is_no_stream_is_sent_on_the_next);
  RUN(updates_of_an_earlier_stream_are_not_acknowledged_on_a_later_one);
  RUN(a_master_that_is_away_is_called_again_until_it_is_back);
  RUN(several_masters_are_tried_in_turn);
  RUN(a_refused_subscription_is_the_end);
  RUN(a_newer_subscription_of_the_id_ends_the_older);
  RUN(both_ends_beat_and_silence_breaks_the_stream);
  RUN(what_was_said_before_closing_arrives);
  RUN(a_master_waits_for_a_framework_that_does_not_dispatch);
  RUN(frameworks_of_one_process_have_nothing_in_common);
  RUN(callbacks_ask_but_do_not_dispatch);
}
