// How many offers a second a framework answers, both ends in one process: `name value unit` lines.
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "story.h"

enum { ROUNDS = 100, OFFERS = 100 };

static atomic_bool is_over;

static void decline(reeve *r, const struct reeve_offer *offers, size_t count, void *context) {
  (void)context;
  for (size_t i = 0; i < count; i++) CHECK(reeve_decline(r, &offers[i].id, 1) == 0);
}

static void accept_each(reeve *r, const struct reeve_offer *offers, size_t count, void *context) {
  (void)context;
  for (size_t i = 0; i < count; i++) {
    char id[24];
    snprintf(id, sizeof id, "t%llu", (unsigned long long)offers[i].id);
    struct reeve_task task = task_named(id);
    CHECK(reeve_accept(r, &offers[i].id, 1, NULL, &task, 1, NULL) == 0);
  }
}

static void *dispatch(void *context) {
  struct story *s = context;
  struct pollfd wait = {.fd = reeve_fd(s->r), .events = POLLIN};
  while (!is_over) {
    if (poll(&wait, 1, 100) > 0) CHECK(reeve_dispatch(s->r) == 0);
  }
  return NULL;
}

/// Says some offers, one a message, hears what comes of them, and so on.
static void measure(const char *name, void (*offers)(reeve *, const struct reeve_offer *, size_t, void *)) {
  struct story s;
  story_begin(&s);
  s.callbacks.offers = offers;
  s.callbacks.reply = NULL;
  story_subscribe(&s);
  is_over = false;
  pthread_t framework;
  CHECK(pthread_create(&framework, NULL, dispatch, &s) == 0);
  struct timespec begin, end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  for (uint64_t round = 0; round < ROUNDS; round++) {
    for (uint64_t i = 0; i < OFFERS; i++) say_offer(&s, round * OFFERS + i + 1, 7, 1);
    for (uint64_t i = 0; i < OFFERS; i++) {
      Reeve__V1__FrameworkUp *up = master_hear(&s.master);
      CHECK(up != NULL);
      uint64_t serial = up->serial;
      heard_free(up);
      if (serial != 0) say_reply(&s, serial, NULL, 1);
    }
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  double seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) * 1e-9;
  printf("%s %.0f offers/s\n", name, ROUNDS * OFFERS / seconds);
  is_over = true;
  pthread_join(framework, NULL);
  story_end(&s);
}

int main(void) {
  measure("libreeve-declined", decline);
  measure("libreeve-accepted", accept_each);
  return 0;
}
