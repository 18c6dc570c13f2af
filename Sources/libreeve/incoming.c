#include "incoming.h"

#include <grpc/support/alloc.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// MARK: Decoding

// Two bytes can stand for an empty offer, which takes a hundred times as much in memory. A sound message of packed columns
// takes at most eight times its bytes, so that none is refused that a master sends.
#define MEMORY_A_BYTE 16
#define MEMORY_AT_LEAST (1 << 20)

struct budget {
  size_t left;
  bool exceeded;
};

static void *budget_allocate(void *data, size_t size) {
  struct budget *budget = data;
  if (size > budget->left) {
    budget->exceeded = true;
    return NULL;
  }
  budget->left -= size;
  return malloc(size);
}

static void budget_free(void *data, void *memory) {
  (void)data;
  free(memory);
}

static bool wrong(char *why, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool wrong(char *why, size_t size, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(why, size, format, arguments);
  va_end(arguments);
  return false;
}

/// Whether a column holds `count` strings that can be C strings, or is empty as a whole where `optional`.
static bool check_strings(
    const Reeve__V1__PackedStrings *strings, const char *column, size_t count, bool optional, char *why, size_t size) {
  size_t ends = strings == NULL ? 0 : strings->n_ends;
  if (ends == 0 && optional) return true;
  if (ends != count) return wrong(why, size, "updates: %zu %s for %zu tasks", ends, column, count);
  if (count == 0) return true;
  uint32_t before = 0;
  for (size_t i = 0; i < count; i++) {
    if (strings->ends[i] < before) return wrong(why, size, "updates: the ends of the %s go back at %zu", column, i);
    before = strings->ends[i];
  }
  if (before != strings->data.len) {
    return wrong(why, size, "updates: the %s end at %" PRIu32 " of %zu bytes", column, before, strings->data.len);
  }
  if (before > 0 && memchr(strings->data.data, 0, before) != NULL) {
    return wrong(why, size, "updates: there is a NUL byte in the %s", column);
  }
  return true;
}

static bool check_updates(const Reeve__V1__TaskUpdates *updates, char *why, size_t size) {
  size_t count = updates->n_ids;
  if (updates->n_states != count) {
    return wrong(why, size, "updates: %zu states for %zu tasks", updates->n_states, count);
  }
  if (updates->n_statuses != 0 && updates->n_statuses != count) {
    return wrong(why, size, "updates: %zu statuses for %zu tasks", updates->n_statuses, count);
  }
  if (updates->n_attempts != 0 && updates->n_attempts != count) {
    return wrong(why, size, "updates: %zu attempts for %zu tasks", updates->n_attempts, count);
  }
  for (size_t i = 0; i < count; i++) {
    // Not taken for `unknown`: a framework would run the task again.
    if (updates->states[i] > REEVE_CANCELLED) {
      return wrong(why, size, "updates: state %" PRIu32 " at %zu; 0 to 6 are known", updates->states[i], i);
    }
  }
  return check_strings(updates->names, "names", count, false, why, size)
         && check_strings(updates->reasons, "reasons", count, true, why, size)
         && check_strings(updates->nodes, "nodes", count, true, why, size);
}

static bool check_offers(const Reeve__V1__Offers *offers, char *why, size_t size) {
  for (size_t i = 0; i < offers->n_offers; i++) {
    const Reeve__V1__Offer *offer = offers->offers[i];
    if (offer->shape == NULL) return wrong(why, size, "offer %" PRIu64 " has no shape", offer->id);
    if (offer->count == 0) return wrong(why, size, "offer %" PRIu64 " is of nothing", offer->id);
  }
  return true;
}

static bool check(const Reeve__V1__FrameworkDown *down, char *why, size_t size) {
  switch (down->message_case) {
    case REEVE__V1__FRAMEWORK_DOWN__MESSAGE_UPDATES: return check_updates(down->updates, why, size);
    case REEVE__V1__FRAMEWORK_DOWN__MESSAGE_OFFERS: return check_offers(down->offers, why, size);
    // The others make sense whatever is in them, and kinds that are not known are passed over.
    default: return true;
  }
}

Reeve__V1__FrameworkDown *incoming_decode(const uint8_t *bytes, size_t length, char *why, size_t why_size) {
  struct budget budget = {.left = MEMORY_AT_LEAST + MEMORY_A_BYTE * length};
  ProtobufCAllocator allocator = {.alloc = budget_allocate, .free = budget_free, .allocator_data = &budget};
  Reeve__V1__FrameworkDown *down = reeve__v1__framework_down__unpack(&allocator, length, bytes);
  if (down == NULL) {
    wrong(why, why_size, budget.exceeded ? "it is blown up: %zu bytes" : "it cannot be decoded: %zu bytes", length);
    return NULL;
  }
  if (check(down, why, why_size)) return down;
  incoming_free(down);
  return NULL;
}

void incoming_free(Reeve__V1__FrameworkDown *down) { reeve__v1__framework_down__free_unpacked(down, NULL); }

// MARK: Telling

/// One `char *` a string, all in one piece of memory, for `gpr_free`; NULL where the column is empty as a whole.
static const char **unpack_strings(const Reeve__V1__PackedStrings *strings) {
  if (strings == NULL || strings->n_ends == 0) return NULL;
  const char **result = gpr_malloc(strings->n_ends * (sizeof *result + 1) + strings->data.len);
  char *text = (char *)(result + strings->n_ends);
  uint32_t begin = 0;
  for (size_t i = 0; i < strings->n_ends; i++) {
    size_t length = strings->ends[i] - begin;
    result[i] = text;
    if (length > 0) memcpy(text, strings->data.data + begin, length);
    text[length] = 0;
    text += length + 1;
    begin = strings->ends[i];
  }
  return result;
}

static void acknowledge(struct acknowledgements *acknowledgements, const Reeve__V1__TaskUpdates *updates) {
  size_t wanted = acknowledgements->count + updates->n_ids;
  if (wanted > acknowledgements->capacity) {
    acknowledgements->capacity = 2 * wanted;
    acknowledgements->ids =
        gpr_realloc(acknowledgements->ids, acknowledgements->capacity * sizeof *acknowledgements->ids);
  }
  for (size_t i = 0; i < updates->n_ids; i++) {
    if (updates->ids[i] != 0) acknowledgements->ids[acknowledgements->count++] = updates->ids[i];
  }
}

static void tell_updates(
    reeve *r, const struct reeve_callbacks *callbacks, void *context, const Reeve__V1__TaskUpdates *told,
    struct acknowledgements *acknowledgements) {
  size_t count = told->n_ids;
  // Without a callback nobody has taken them in.
  if (count == 0 || callbacks->updates == NULL) return;
  const char **names = unpack_strings(told->names), **reasons = unpack_strings(told->reasons),
             **nodes = unpack_strings(told->nodes);
  struct reeve_update *updates = gpr_malloc(count * sizeof *updates);
  for (size_t i = 0; i < count; i++) {
    updates[i] = (struct reeve_update){
        .task = names[i],
        .state = (enum reeve_state)told->states[i],
        .reason = reasons == NULL ? "" : reasons[i],
        .status = told->n_statuses == 0 ? 0 : told->statuses[i],
        .node = nodes == NULL ? "" : nodes[i],
        .attempt = told->n_attempts == 0 ? 0 : told->attempts[i],
    };
  }
  if (callbacks->updates(r, updates, count, context) == 0) acknowledge(acknowledgements, told);
  gpr_free(updates);
  gpr_free(names);
  gpr_free(reasons);
  gpr_free(nodes);
}

static void tell_offers(
    reeve *r, const struct reeve_callbacks *callbacks, void *context, const Reeve__V1__Offers *told) {
  if (told->n_offers == 0 || callbacks->offers == NULL) return;
  struct reeve_offer *offers = gpr_malloc(told->n_offers * sizeof *offers);
  for (size_t i = 0; i < told->n_offers; i++) {
    const Reeve__V1__Offer *offer = told->offers[i];
    offers[i] = (struct reeve_offer){
        .id = offer->id,
        .key = offer->key,
        .shape = {offer->shape->cpu_millis, offer->shape->memory, offer->shape->disk},
        .count = offer->count,
        .rack = offer->rack,
        .kind = offer->kind == REEVE__V1__SLICE_KIND__SLICE_KIND_PINNED ? REEVE_PINNED : REEVE_POOLED,
        .node = offer->node,
        .expires_micros = offer->expires_micros,
    };
  }
  callbacks->offers(r, offers, told->n_offers, context);
  gpr_free(offers);
}

static void tell_subscribed(
    reeve *r, const struct reeve_callbacks *callbacks, void *context, const Reeve__V1__Subscribed *told) {
  if (callbacks->subscribed == NULL) return;
  const char **capabilities = gpr_malloc((told->n_capabilities + 1) * sizeof *capabilities);
  for (size_t i = 0; i < told->n_capabilities; i++) capabilities[i] = told->capabilities[i];
  capabilities[told->n_capabilities] = NULL;
  struct reeve_subscription subscription = {
      .framework = told->framework,
      .job = told->job,
      .term = told->term,
      .resumed = told->resumed,
      .capabilities = capabilities,
  };
  callbacks->subscribed(r, &subscription, context);
  gpr_free(capabilities);
}

static void tell_reply(
    reeve *r, const struct reeve_callbacks *callbacks, void *context, const Reeve__V1__FrameworkReply *told) {
  if (callbacks->reply == NULL) return;
  const Reeve__V1__Problem *problem = told->problem;
  struct reeve_reply reply = {
      .serial = told->serial,
      .code = problem == NULL ? NULL : problem->code,
      .field = problem == NULL ? "" : problem->field,
      .message = problem == NULL ? "" : problem->message,
      .tasks = told->tasks,
  };
  callbacks->reply(r, &reply, context);
}

void incoming_tell(
    reeve *r, const struct reeve_callbacks *callbacks, void *context, const Reeve__V1__FrameworkDown *down,
    struct acknowledgements *acknowledgements) {
  switch (down->message_case) {
    case REEVE__V1__FRAMEWORK_DOWN__MESSAGE_SUBSCRIBED:
      tell_subscribed(r, callbacks, context, down->subscribed);
      break;
    case REEVE__V1__FRAMEWORK_DOWN__MESSAGE_OFFERS: tell_offers(r, callbacks, context, down->offers); break;
    case REEVE__V1__FRAMEWORK_DOWN__MESSAGE_RESCIND:
      if (callbacks->rescinded == NULL || down->rescind->n_offers == 0) break;
      callbacks->rescinded(r, down->rescind->offers, down->rescind->n_offers, down->rescind->reason, context);
      break;
    case REEVE__V1__FRAMEWORK_DOWN__MESSAGE_UPDATES:
      tell_updates(r, callbacks, context, down->updates, acknowledgements);
      break;
    case REEVE__V1__FRAMEWORK_DOWN__MESSAGE_REPLY: tell_reply(r, callbacks, context, down->reply); break;
    default: break;
  }
}
