// What a master may send, byte by byte: decoded, and told to callbacks that read all of it.
#include <stdlib.h>
#include <string.h>

#include "incoming.h"

static size_t sum;

static void read_text(const char *text) { sum += strlen(text); }

static void subscribed(reeve *r, const struct reeve_subscription *told, void *context) {
  (void)r;
  (void)context;
  read_text(told->framework);
  read_text(told->job);
  for (const char *const *capability = told->capabilities; *capability != NULL; capability++) read_text(*capability);
}

static void offers(reeve *r, const struct reeve_offer *told, size_t count, void *context) {
  (void)r;
  (void)context;
  for (size_t i = 0; i < count; i++) {
    read_text(told[i].rack);
    read_text(told[i].node);
    if (told[i].count == 0) abort();
  }
}

static void rescinded(reeve *r, const uint64_t *told, size_t count, const char *reason, void *context) {
  (void)r;
  (void)context;
  for (size_t i = 0; i < count; i++) sum += told[i];
  read_text(reason);
}

static int updates(reeve *r, const struct reeve_update *told, size_t count, void *context) {
  (void)r;
  (void)context;
  for (size_t i = 0; i < count; i++) {
    read_text(told[i].task);
    read_text(told[i].reason);
    read_text(told[i].node);
    if (told[i].state > REEVE_CANCELLED) abort();
    sum += told[i].attempt;
  }
  return count % 2 == 0 ? 0 : -1;
}

static void reply(reeve *r, const struct reeve_reply *told, void *context) {
  (void)r;
  (void)context;
  if (told->code != NULL) read_text(told->code);
  read_text(told->field);
  read_text(told->message);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  static const struct reeve_callbacks callbacks = {
      .size = sizeof callbacks,
      .subscribed = subscribed,
      .offers = offers,
      .rescinded = rescinded,
      .updates = updates,
      .reply = reply,
  };
  char why[256];
  Reeve__V1__FrameworkDown *down = incoming_decode(bytes, length, why, sizeof why);
  if (down == NULL) {
    read_text(why);
    return 0;
  }
  struct acknowledgements acknowledgements = {0};
  incoming_tell(NULL, &callbacks, NULL, down, &acknowledgements);
  for (size_t i = 0; i < acknowledgements.count; i++) {
    if (acknowledgements.ids[i] == 0) abort();
  }
  free(acknowledgements.ids);
  incoming_free(down);
  return 0;
}
