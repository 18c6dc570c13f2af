// What a framework asks for, and what it is told.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "story.h"
#include "tests.h"

static void a_framework_subscribes_with_what_it_was_opened_with(void) {
  struct story s;
  story_begin(&s);
  s.options.role = "science";
  s.options.failover_micros = 5000000;
  CHECK(reeve_open(&s.options, &s.r) == 0);
  master_answer(&s.master);
  CHECK(strcmp(s.master.authorization, "Bearer 0123456789abcdef") == 0);
  Reeve__V1__FrameworkUp *up = hear(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_SUBSCRIBE);
  CHECK(up->subscribe->protocol == 1);
  CHECK(strcmp(up->subscribe->framework, "sweep") == 0);
  CHECK(strcmp(up->subscribe->role, "science") == 0);
  CHECK(strcmp(up->subscribe->user, "ann") == 0);
  CHECK(up->subscribe->failover_micros == 5000000);
  CHECK(up->subscribe->n_capabilities == 2);
  heard_free(up);
  say_subscribed(&s, 60000000, false);
  expect(&s, "subscribed sweep, term 3, 1 capabilities");
  story_end(&s);
}

static void a_demand_said_before_there_is_a_connection_is_sent_on_it(void) {
  struct story s;
  story_begin(&s);
  CHECK(reeve_open(&s.options, &s.r) == 0);
  const char *racks[] = {"west", NULL}, *values[] = {"ssd", "nvme", NULL};
  struct reeve_constraint constraint = {.attribute = "disk", .values = values, .negated = true};
  struct reeve_demand demand = {
      .size = sizeof demand,
      .key = 9,
      .shape = {.cpu_millis = 500, .memory = 1 << 20, .disk = 5},
      .count = 4,
      .racks = racks,
      .wait_micros = 77,
      .kind = REEVE_PINNED,
      .constraints = &constraint,
      .constraint_count = 1,
  };
  uint64_t serial;
  CHECK(reeve_demand(s.r, &demand, 1, &serial) == 0);
  master_answer(&s.master);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_SUBSCRIBE);
  say_subscribed(&s, 60000000, false);
  Reeve__V1__FrameworkUp *up = hear(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_DEMAND);
  CHECK(up->serial == serial);
  CHECK(up->demand->n_shapes == 1);
  Reeve__V1__ShapeDemand *shape = up->demand->shapes[0];
  CHECK(shape->key == 9 && shape->count == 4 && shape->wait_micros == 77);
  CHECK(shape->shape->cpu_millis == 500 && shape->shape->memory == 1 << 20 && shape->shape->disk == 5);
  CHECK(shape->n_racks == 1 && strcmp(shape->racks[0], "west") == 0);
  CHECK(shape->kind == REEVE__V1__SLICE_KIND__SLICE_KIND_PINNED);
  CHECK(shape->n_constraints == 1 && shape->constraints[0]->not_ && shape->constraints[0]->n_values == 2);
  CHECK(strcmp(shape->constraints[0]->values[1], "nvme") == 0);
  heard_free(up);
  say_reply(&s, serial, NULL, 0);
  expect(&s, "subscribed sweep, term 3, 1 capabilities");
  expect(&s, "reply 1: 0 tasks");
  story_end(&s);
}

static void tasks_are_accepted_in_columns_and_like_ones_share_a_template(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  say_offer(&s, 17, 7, 3);
  expect(&s, "offer 17 for 7: 3 x 1000 on west");
  const char *env[] = {"MODE=fast", "A=b=c", NULL}, *argv[] = {"true", NULL};
  struct reeve_task tasks[] = {task_named("a"), task_named("b"), task_named("c")};
  tasks[1].argv = argv;
  tasks[2].env = env;
  tasks[2].retries = 2;
  tasks[2].time_limit_micros = 9;
  tasks[2].grace_micros = -1;
  tasks[2].priority = -4;
  tasks[2].directory = "/tmp";
  tasks[2].on_node_loss = REEVE_WAIT;
  uint64_t offer = 17, serial;
  CHECK(reeve_accept(s.r, &offer, 1, "part-1", tasks, 3, &serial) == 0);

  Reeve__V1__FrameworkUp *up = hear(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_ACCEPT);
  CHECK(up->serial == serial && up->accept->n_offers == 1 && up->accept->offers[0] == 17);
  Reeve__V1__JobSpec *job = up->accept->tasks;
  CHECK(strcmp(job->id, "sweep") == 0 && strcmp(job->addition, "part-1") == 0 && strcmp(job->user, "ann") == 0);
  CHECK(job->n_templates == 2);
  Reeve__V1__TaskTemplate *like = job->templates[0], *other = job->templates[1];
  CHECK(like->grace_micros == 5000000 && like->retry == NULL && like->resources->memory == 64 << 20);
  CHECK(other->retry->limit == 2 && other->time_limit_micros == 9 && other->grace_micros == 0 && other->priority == -4);
  CHECK(strcmp(other->directory, "/tmp") == 0 && other->on_node_loss == 1);
  // Sorted by name; only the first '=' parts a name from its value.
  CHECK(other->n_environment == 2);
  CHECK(strcmp(other->environment[0]->name, "A") == 0 && strcmp(other->environment[0]->value, "b=c") == 0);
  CHECK(strcmp(other->environment[1]->name, "MODE") == 0 && strcmp(other->environment[1]->value, "fast") == 0);
  Reeve__V1__TaskColumns *columns = job->tasks;
  CHECK(columns->n_templates == 3 && columns->templates[1] == 0 && columns->templates[2] == 1);
  CHECK(columns->names->data.len == 3 && memcmp(columns->names->data.data, "abc", 3) == 0);
  CHECK(columns->n_dependency_ends == 3 && columns->dependency_ends[2] == 0);
  Reeve__V1__PackedLists *arguments = columns->arguments;
  CHECK(arguments->n_ends == 3 && arguments->ends[0] == 2 && arguments->ends[1] == 3 && arguments->ends[2] == 5);
  CHECK(memcmp(arguments->strings->data.data, "echohellotrueechohello", 22) == 0);
  CHECK(arguments->strings->ends[1] == 9);
  heard_free(up);

  say_reply(&s, serial, NULL, 3);
  expect(&s, "reply 1: 3 tasks");
  expect_error(
      &s, reeve_accept(s.r, &offer, 1, NULL, tasks, 3, NULL), REEVE_INVALID,
      "offers[0]: 17 cannot be accepted; it was used, declined or rescinded, or never made");
  story_end(&s);
}

static void an_accept_without_a_name_gets_one_of_its_own(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  char first[65] = "";
  for (uint64_t offer = 1; offer <= 2; offer++) {
    say_offer(&s, offer, 7, 1);
    expect(&s, offer == 1 ? "offer 1 for 7: 1 x 1000 on west" : "offer 2 for 7: 1 x 1000 on west");
    struct reeve_task task = task_named("a");
    CHECK(reeve_accept(s.r, &offer, 1, NULL, &task, 1, NULL) == 0);
    Reeve__V1__FrameworkUp *up = hear(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_ACCEPT);
    CHECK(strlen(up->accept->tasks->addition) == 16);
    CHECK(strcmp(up->accept->tasks->addition, first) != 0);
    strcpy(first, up->accept->tasks->addition);
    heard_free(up);
  }
  story_end(&s);
}

static void offers_can_be_declined_once_and_not_after_they_are_void(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  say_offer(&s, 1, 7, 1);
  say_offer(&s, 2, 7, 1);
  expect(&s, "offer 1 for 7: 1 x 1000 on west");
  expect(&s, "offer 2 for 7: 1 x 1000 on west");
  say_rescind(&s, 1, "expired");
  expect(&s, "rescinded 1: expired");
  uint64_t offers[] = {1, 2};
  struct reeve_task task = task_named("a");
  expect_error(
      &s, reeve_accept(s.r, offers, 1, NULL, &task, 1, NULL), REEVE_INVALID,
      "offers[0]: 1 cannot be accepted; it was used, declined or rescinded, or never made");
  CHECK(reeve_decline(s.r, offers, 2) == 0);
  Reeve__V1__FrameworkUp *up = hear(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_DECLINE);
  CHECK(up->serial == 0 && up->decline->n_offers == 1 && up->decline->offers[0] == 2);
  heard_free(up);
  CHECK(reeve_decline(s.r, offers, 2) == 0);
  // Nothing was left to be declined: the next that is heard is this.
  CHECK(reeve_reconcile(s.r, NULL, 0, NULL) == 0);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_RECONCILE);
  story_end(&s);
}

static void the_offers_of_a_refused_accept_are_open_again(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  say_offer(&s, 17, 7, 1);
  expect(&s, "offer 17 for 7: 1 x 1000 on west");
  struct reeve_task task = task_named("a");
  uint64_t offers[] = {17, 17}, serial;
  expect_error(
      &s, reeve_accept(s.r, offers, 2, NULL, &task, 1, NULL), REEVE_INVALID, "offers[1]: 17 is named twice; name each once");
  CHECK(reeve_accept(s.r, offers, 1, "first", &task, 1, &serial) == 0);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_ACCEPT);
  CHECK(reeve_accept(s.r, offers, 1, "second", &task, 1, NULL) == REEVE_INVALID);
  say_reply(&s, serial, "duplicate", 0);
  expect(&s, "reply 1: duplicate field Not so.");
  CHECK(reeve_accept(s.r, offers, 1, "second", &task, 1, &serial) == 0);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_ACCEPT);
  story_end(&s);
}

static void updates_are_acknowledged_after_they_were_taken_in(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  s.updates_result = -1;
  say_updates(&s, 10, 1, REEVE_RUNNING);
  expect(&s, "t0 is 3  0 on , attempt 0");
  s.updates_result = 0;
  say_updates(&s, 20, 2, REEVE_SUCCEEDED);
  expect(&s, "t0 is 4  0 on , attempt 0");
  expect(&s, "t1 is 4  0 on , attempt 0");
  Reeve__V1__FrameworkUp *up = hear(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_ACKNOWLEDGE);
  CHECK(up->serial == 0 && up->acknowledge->n_ids == 2);
  CHECK(up->acknowledge->ids[0] == 20 && up->acknowledge->ids[1] == 21);
  heard_free(up);
  say_updates(&s, 0, 1, REEVE_UNKNOWN);
  expect(&s, "t0 is 0  0 on , attempt 0");
  CHECK(reeve_reconcile(s.r, NULL, 0, NULL) == 0);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_RECONCILE);
  story_end(&s);
}

static void tasks_are_killed_written_to_and_asked_about(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  const char *tasks[] = {"a", "b"};
  uint64_t serial;
  CHECK(reeve_kill(s.r, tasks, 2, &serial) == 0);
  Reeve__V1__FrameworkUp *up = hear(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_KILL);
  CHECK(up->serial == serial && up->kill->n_tasks == 2 && strcmp(up->kill->tasks[1], "b") == 0);
  heard_free(up);
  CHECK(reeve_message(s.r, "a", "x\0y", 3, &serial) == 0);
  up = hear(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_TASK_MESSAGE);
  CHECK(up->serial == serial && up->task_message->data.len == 3 && up->task_message->data.data[2] == 'y');
  heard_free(up);
  CHECK(reeve_reconcile(s.r, tasks, 2, &serial) == 0);
  up = hear(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_RECONCILE);
  CHECK(up->serial == serial && up->reconcile->n_tasks == 2);
  heard_free(up);
  say_reply(&s, serial, "invalid", 0);
  expect(&s, "reply 3: invalid field Not so.");
  story_end(&s);
}

static void a_framework_that_was_torn_down_is_done(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  uint64_t serial;
  CHECK(reeve_tear_down(s.r, &serial) == 0);
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_TEAR_DOWN);
  say_reply(&s, serial, NULL, 0);
  master_end(&s.master, GRPC_STATUS_ABORTED, "gone");
  expect(&s, "reply 1: 0 tasks");
  // The stream ends a little after the reply; until then a request is taken and gets no reply.
  const char *task = "a";
  while (reeve_kill(s.r, &task, 1, NULL) == 0) continue;
  CHECK(strcmp(reeve_error(s.r), "the session is over: the framework was torn down") == 0);
  story_end(&s);
}

static void wrong_arguments_are_refused_in_words(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  struct reeve_task tasks[] = {task_named("a"), task_named("")};
  const char *env[] = {"=x", NULL}, *empty[] = {NULL};
  expect_error(
      &s, reeve_accept(s.r, NULL, 0, NULL, tasks, 1, NULL), REEVE_INVALID,
      "offers: there is none; accept at least one, or name an earlier accept by its addition");
  expect_error(
      &s, reeve_accept(s.r, NULL, 0, "x", NULL, 0, NULL), REEVE_INVALID,
      "tasks: there is none; accept with at least one, or decline the offers");
  expect_error(
      &s, reeve_accept(s.r, NULL, 0, "x", tasks, 2, NULL), REEVE_INVALID,
      "tasks[1].id: it is empty; use 1 to 256 printable characters, such as \"point-7\"");
  tasks[0].env = env;
  expect_error(
      &s, reeve_accept(s.r, NULL, 0, "x", tasks, 1, NULL), REEVE_INVALID, "tasks[0].env[0]: \"=x\" is not NAME=value");
  tasks[0].argv = empty;
  expect_error(
      &s, reeve_accept(s.r, NULL, 0, "x", tasks, 1, NULL), REEVE_INVALID,
      "tasks[0].argv: the command is empty; give a program and its arguments, then NULL");
  tasks[0].size = 3;
  expect_error(
      &s, reeve_accept(s.r, NULL, 0, "x", tasks, 1, NULL), REEVE_INVALID,
      "tasks[0].size: 3; set it to sizeof (struct reeve_task)");
  struct reeve_demand demand = {.size = sizeof demand};
  expect_error(
      &s, reeve_demand(s.r, &demand, 1, NULL), REEVE_INVALID,
      "demand[0].shape: it has neither cpu_millis nor memory above 0; say what a task needs");
  static char big[65 << 20];
  expect_error(
      &s, reeve_message(s.r, "a", big, sizeof big, NULL), REEVE_INVALID,
      "the message has 68157455 bytes; at most 67108864 are taken: send it in parts");
  story_end(&s);
}

static void too_much_that_waits_for_the_master_is_refused(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  static char big[40 << 20];
  CHECK(reeve_message(s.r, "a", big, sizeof big, NULL) == 0);
  CHECK(reeve_message(s.r, "a", big, sizeof big, NULL) == 0);
  expect_error(
      &s, reeve_message(s.r, "a", big, 1, NULL), REEVE_FULL,
      "67108864 bytes or more wait for the master; dispatch, and try again when replies have come");
  hear_and_forget(&s, REEVE__V1__FRAMEWORK_UP__MESSAGE_TASK_MESSAGE);
  say_reply(&s, 1, NULL, 0);
  expect(&s, "reply 1: 0 tasks");
  CHECK(reeve_message(s.r, "a", big, 1, NULL) == 0);
  story_end(&s);
}

static void expect_no_open(struct story *s, int status, const char *sentence) {
  reeve *r;
  CHECK(reeve_open(&s->options, &r) == status);
  if (strcmp(reeve_error(r), sentence) != 0) fprintf(stderr, "expected \"%s\"\n     got \"%s\"\n", sentence, reeve_error(r));
  CHECK(strcmp(reeve_error(r), sentence) == 0);
  CHECK(reeve_fd(r) == -1);
  CHECK(reeve_dispatch(r) == REEVE_INVALID);
  CHECK(reeve_tear_down(r, NULL) == REEVE_INVALID);
  reeve_close(r);
}

static void what_cannot_be_opened_says_why(void) {
  struct story s;
  story_begin(&s);
  story_subscribe(&s);
  s.options.framework = "a/b";
  expect_no_open(
      &s, REEVE_INVALID, "framework: \"a/b\" is no id; use 1 to 64 letters, digits, '-', '_' or '.', such as \"sweep-1\"");
  s.options.framework = "sweep";
  s.options.addresses = "127.0.0.1:1, nowhere";
  expect_no_open(&s, REEVE_INVALID, "addresses: \"nowhere\" is not HOST:PORT, such as 127.0.0.1:7070.");
  s.options.addresses = " , ";
  expect_no_open(&s, REEVE_INVALID, "addresses: no address in it: write HOST:PORT, or several with commas.");
  s.options.addresses = NULL;
  setenv("REEVE_DATA", "/nowhere", 1);
  unsetenv("REEVE_ADDRESS");
  expect_no_open(
      &s, REEVE_UNAVAILABLE,
      "No cluster was found: REEVE_ADDRESS is not set, and there is no \"/nowhere/address\". Start one with `reeve up`, or "
      "set REEVE_ADDRESS and REEVE_TOKEN_FILE.");
  setenv("REEVE_ADDRESS", s.master.address, 1);
  CHECK(chmod(s.token_file, 0644) == 0);
  char sentence[512];
  snprintf(
      sentence, sizeof sentence, "The token file \"%s\" can be read by others. Run: chmod 600 %s", s.token_file, s.token_file);
  expect_no_open(&s, REEVE_DENIED, sentence);
  CHECK(chmod(s.token_file, 0600) == 0);
  FILE *file = fopen(s.token_file, "w");
  CHECK(file != NULL && fputs("0123456789abcde\xc3\xa9", file) >= 0 && fclose(file) == 0);
  snprintf(sentence, sizeof sentence, "The token file \"%s\" holds no token.", s.token_file);
  expect_no_open(&s, REEVE_DENIED, sentence);
  s.options.token_file = NULL;
  setenv("REEVE_TOKEN_FILE", "/nowhere/token", 1);
  expect_no_open(
      &s, REEVE_DENIED,
      "The token file \"/nowhere/token\" cannot be read (No such file or directory). Set REEVE_TOKEN_FILE to the file "
      "`token` in the data directory of the cluster.");
  s.options.size = 0;
  expect_no_open(&s, REEVE_INVALID, "size: 0 is no size of options; set it to sizeof (struct reeve_options)");
  unsetenv("REEVE_DATA");
  unsetenv("REEVE_ADDRESS");
  unsetenv("REEVE_TOKEN_FILE");
  story_end(&s);
}

static void a_cluster_of_this_machine_is_found_by_its_data_directory(void) {
  struct story s;
  story_begin(&s);
  char path[96];
  snprintf(path, sizeof path, "%s/address", s.directory);
  FILE *file = fopen(path, "w");
  CHECK(file != NULL && fprintf(file, "%s\n", s.master.address) > 0 && fclose(file) == 0);
  setenv("REEVE_DATA", s.directory, 1);
  s.options.addresses = s.options.token_file = NULL;
  story_subscribe(&s);
  CHECK(strcmp(s.master.authorization, "Bearer 0123456789abcdef") == 0);
  unsetenv("REEVE_DATA");
  remove(path);
  story_end(&s);
}

void run_request_tests(void) {
  RUN(a_framework_subscribes_with_what_it_was_opened_with);
  RUN(a_demand_said_before_there_is_a_connection_is_sent_on_it);
  RUN(tasks_are_accepted_in_columns_and_like_ones_share_a_template);
  RUN(an_accept_without_a_name_gets_one_of_its_own);
  RUN(offers_can_be_declined_once_and_not_after_they_are_void);
  RUN(the_offers_of_a_refused_accept_are_open_again);
  RUN(updates_are_acknowledged_after_they_were_taken_in);
  RUN(tasks_are_killed_written_to_and_asked_about);
  RUN(a_framework_that_was_torn_down_is_done);
  RUN(wrong_arguments_are_refused_in_words);
  RUN(too_much_that_waits_for_the_master_is_refused);
  RUN(what_cannot_be_opened_says_why);
  RUN(a_cluster_of_this_machine_is_found_by_its_data_directory);
}
