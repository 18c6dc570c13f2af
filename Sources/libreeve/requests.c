#define _GNU_SOURCE
#include <grpc/support/alloc.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "session.h"
#include "tasks.h"

static int check_open(reeve *r) {
  return r->is_connected ? 0 : fail(r, REEVE_INVALID, "reeve: it was not opened: see what reeve_open has returned");
}

static int report(reeve *r, enum send_result result) {
  switch (result) {
    case SENT: return 0;
    case SEND_FULL:
      return fail(
          r, REEVE_FULL, "%zu bytes or more wait for the master; dispatch, and try again when replies have come",
          MESSAGE_BYTES_MAX);
    case SEND_OVER:
      return fail(
          r, REEVE_ENDED, "the session is over: %s", r->failure == NULL ? "the framework was torn down" : r->failure);
  }
  return 0;
}

static int refuse_length(reeve *r, size_t length) {
  return fail(
      r, REEVE_INVALID, "the message has %zu bytes; at most %zu are taken: send it in parts", length, MESSAGE_BYTES_MAX);
}

/// Sends a request and says what its reply will bear. An accept takes `slices` off the demand for `key`.
static int request_slices(reeve *r, Reeve__V1__FrameworkUp *up, uint32_t key, uint32_t slices, uint64_t *serial) {
  up->serial = ++r->serial;
  if (serial != NULL) *serial = up->serial;
  size_t length = reeve__v1__framework_up__get_packed_size(up);
  if (length > MESSAGE_BYTES_MAX) return refuse_length(r, length);
  struct message *message = message_pack(up);
  message->key = key;
  message->slices = slices;
  return report(r, connection_send(&r->connection, message));
}

static int request(reeve *r, Reeve__V1__FrameworkUp *up, uint64_t *serial) {
  return request_slices(r, up, 0, 0, serial);
}

// MARK: Demand

static int check_demand(reeve *r, const struct reeve_demand *demand, size_t i) {
  if (demand->size < sizeof *demand) {
    return fail(r, REEVE_INVALID, "demand[%zu].size: %zu; set it to sizeof (struct reeve_demand)", i, demand->size);
  }
  if (demand->shape.cpu_millis <= 0 && demand->shape.memory <= 0) {
    return fail(
        r, REEVE_INVALID, "demand[%zu].shape: it has neither cpu_millis nor memory above 0; say what a task needs", i);
  }
  for (size_t j = 0; j < demand->constraint_count; j++) {
    const struct reeve_constraint *constraint = &demand->constraints[j];
    if (constraint->attribute == NULL || constraint->values == NULL) {
      return fail(
          r, REEVE_INVALID,
          "demand[%zu].constraints[%zu]: attribute or values is NULL; name an attribute, and end its values with NULL", i, j);
    }
  }
  return 0;
}

static char **copy_strings(const char *const *strings, size_t *count) {
  *count = 0;
  if (strings == NULL) return NULL;
  while (strings[*count] != NULL) (*count)++;
  char **copy = gpr_malloc((*count + 1) * sizeof *copy);
  for (size_t i = 0; i < *count; i++) copy[i] = (char *)strings[i];
  return copy;
}

/// Points into `demand`, but for what `free_shape` frees.
static Reeve__V1__ShapeDemand *make_shape(const struct reeve_demand *demand) {
  struct {
    Reeve__V1__ShapeDemand shape;
    Reeve__V1__Resources resources;
  } *made = gpr_malloc(sizeof *made);
  Reeve__V1__ShapeDemand *shape = &made->shape;
  reeve__v1__shape_demand__init(shape);
  reeve__v1__resources__init(&made->resources);
  made->resources.cpu_millis = demand->shape.cpu_millis;
  made->resources.memory = demand->shape.memory;
  made->resources.disk = demand->shape.disk;
  shape->shape = &made->resources;
  shape->key = demand->key;
  shape->count = demand->count;
  shape->racks = copy_strings(demand->racks, &shape->n_racks);
  shape->wait_micros = demand->wait_micros;
  shape->kind = (Reeve__V1__SliceKind)demand->kind;
  shape->n_constraints = demand->constraint_count;
  shape->constraints = gpr_malloc((demand->constraint_count + 1) * sizeof *shape->constraints);
  for (size_t i = 0; i < demand->constraint_count; i++) {
    Reeve__V1__AttributeConstraint *constraint = gpr_malloc(sizeof *constraint);
    reeve__v1__attribute_constraint__init(constraint);
    constraint->attribute = (char *)demand->constraints[i].attribute;
    constraint->values = copy_strings(demand->constraints[i].values, &constraint->n_values);
    constraint->not_ = demand->constraints[i].negated;
    shape->constraints[i] = constraint;
  }
  return shape;
}

static void free_shape(Reeve__V1__ShapeDemand *shape) {
  for (size_t i = 0; i < shape->n_constraints; i++) {
    gpr_free(shape->constraints[i]->values);
    gpr_free(shape->constraints[i]);
  }
  gpr_free(shape->constraints);
  gpr_free(shape->racks);
  gpr_free(shape);
}

/// One that owns all that is in it, for it is said again after a reconnection.
static Reeve__V1__Demand *copy_demand(const Reeve__V1__Demand *demand, size_t length) {
  uint8_t *bytes = gpr_malloc(length + 1);
  reeve__v1__demand__pack(demand, bytes);
  Reeve__V1__Demand *copy = reeve__v1__demand__unpack(NULL, length, bytes);
  gpr_free(bytes);
  return copy;
}

int reeve_demand(reeve *r, const struct reeve_demand *demands, size_t count, uint64_t *serial) {
  int status = check_open(r);
  for (size_t i = 0; status == 0 && i < count; i++) {
    const struct reeve_demand *demand = (const void *)((const char *)demands + i * demands->size);
    status = check_demand(r, demand, i);
  }
  if (status != 0) return status;
  Reeve__V1__Demand demand = REEVE__V1__DEMAND__INIT;
  demand.shapes = gpr_malloc((count + 1) * sizeof *demand.shapes);
  for (; demand.n_shapes < count; demand.n_shapes++) {
    demand.shapes[demand.n_shapes] = make_shape((const void *)((const char *)demands + demand.n_shapes * demands->size));
  }
  uint64_t number = ++r->serial;
  if (serial != NULL) *serial = number;
  size_t length = reeve__v1__demand__get_packed_size(&demand);
  if (length > MESSAGE_BYTES_MAX) {
    status = refuse_length(r, length);
  } else {
    status = report(r, connection_demand(&r->connection, copy_demand(&demand, length), number));
  }
  for (size_t i = 0; i < count; i++) free_shape(demand.shapes[i]);
  gpr_free(demand.shapes);
  return status;
}

// MARK: Offers

static bool has(const uint64_t *offers, size_t count, uint64_t offer) {
  for (size_t i = 0; i < count; i++) {
    if (offers[i] == offer) return true;
  }
  return false;
}

static int check_offers(reeve *r, const uint64_t *offers, size_t count, const char *addition) {
  if (count == 0 && addition == NULL) {
    return fail(r, REEVE_INVALID, "offers: there is none; accept at least one, or name an earlier accept by its addition");
  }
  for (size_t i = 0; i < count; i++) {
    if (offers_find_open(&r->offers, offers[i]) == NULL) {
      return fail(
          r, REEVE_INVALID, "offers[%zu]: %" PRIu64 " cannot be accepted; it was used, declined or rescinded, or never made", i,
          offers[i]);
    }
    if (has(offers, i, offers[i])) {
      return fail(r, REEVE_INVALID, "offers[%zu]: %" PRIu64 " is named twice; name each once", i, offers[i]);
    }
  }
  return 0;
}

/// 64 random bits, in hexadecimal: none comes twice.
static void make_addition(char text[17]) {
  uint64_t number;
  if (getrandom(&number, sizeof number, 0) != sizeof number) abort();
  snprintf(text, 17, "%016" PRIx64, number);
}

int reeve_accept(
    reeve *r, const uint64_t *offers, size_t offer_count, const char *addition, const struct reeve_task *tasks, size_t count,
    uint64_t *serial) {
  int status = check_open(r);
  if (status == 0) status = check_offers(r, offers, offer_count, addition);
  struct task_spec spec;
  if (status == 0) status = tasks_pack(r, &spec, tasks, count);
  if (status != 0) return status;
  char random[17];
  make_addition(random);
  spec.job.id = r->framework;
  spec.job.user = r->user;
  spec.job.addition = addition == NULL ? random : (char *)addition;
  Reeve__V1__Accept accept = REEVE__V1__ACCEPT__INIT;
  accept.offers = (uint64_t *)offers;
  accept.n_offers = offer_count;
  accept.tasks = &spec.job;
  Reeve__V1__FrameworkUp up = REEVE__V1__FRAMEWORK_UP__INIT;
  up.message_case = REEVE__V1__FRAMEWORK_UP__MESSAGE_ACCEPT;
  up.accept = &accept;
  // An accept without offers is an earlier one, whose slices are not in this process's demand.
  uint32_t key = offer_count == 0 ? 0 : offers_find_open(&r->offers, *offers)->key;
  status = request_slices(r, &up, key, offer_count == 0 ? 0 : (uint32_t)count, serial);
  tasks_free(&spec);
  for (size_t i = 0; status == 0 && i < offer_count; i++) offers_find_open(&r->offers, offers[i])->accept = r->serial;
  return status;
}

int reeve_decline(reeve *r, const uint64_t *offers, size_t count) {
  int status = check_open(r);
  if (status != 0) return status;
  uint64_t *open = gpr_malloc((count + 1) * sizeof *open);
  Reeve__V1__Decline decline = REEVE__V1__DECLINE__INIT;
  decline.offers = open;
  for (size_t i = 0; i < count; i++) {
    if (offers_find_open(&r->offers, offers[i]) == NULL) continue;
    offers_remove(&r->offers, offers[i]);
    open[decline.n_offers++] = offers[i];
  }
  Reeve__V1__FrameworkUp up = REEVE__V1__FRAMEWORK_UP__INIT;
  up.message_case = REEVE__V1__FRAMEWORK_UP__MESSAGE_DECLINE;
  up.decline = &decline;
  if (decline.n_offers > 0) {
    struct message *message = message_pack(&up);
    message->stream = r->stream;
    status = report(r, connection_send(&r->connection, message));
  }
  gpr_free(open);
  return status;
}

// MARK: Tasks

static int check_ids(reeve *r, const char *const *tasks, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (tasks[i] == NULL || *tasks[i] == 0) {
      return fail(r, REEVE_INVALID, "tasks[%zu]: it is empty; give the id of a task", i);
    }
  }
  return check_open(r);
}

int reeve_kill(reeve *r, const char *const *tasks, size_t count, uint64_t *serial) {
  int status = check_ids(r, tasks, count);
  if (status != 0) return status;
  Reeve__V1__KillTasks kill = REEVE__V1__KILL_TASKS__INIT;
  kill.tasks = (char **)tasks;
  kill.n_tasks = count;
  Reeve__V1__FrameworkUp up = REEVE__V1__FRAMEWORK_UP__INIT;
  up.message_case = REEVE__V1__FRAMEWORK_UP__MESSAGE_KILL;
  up.kill = &kill;
  return request(r, &up, serial);
}

int reeve_message(reeve *r, const char *task, const void *data, size_t length, uint64_t *serial) {
  int status = check_ids(r, &task, 1);
  if (status != 0) return status;
  Reeve__V1__TaskMessage message = REEVE__V1__TASK_MESSAGE__INIT;
  message.task = (char *)task;
  message.data = (ProtobufCBinaryData){.len = length, .data = (uint8_t *)data};
  Reeve__V1__FrameworkUp up = REEVE__V1__FRAMEWORK_UP__INIT;
  up.message_case = REEVE__V1__FRAMEWORK_UP__MESSAGE_TASK_MESSAGE;
  up.task_message = &message;
  return request(r, &up, serial);
}

int reeve_reconcile(reeve *r, const char *const *tasks, size_t count, uint64_t *serial) {
  int status = check_ids(r, tasks, count);
  if (status != 0) return status;
  Reeve__V1__Reconcile reconcile = REEVE__V1__RECONCILE__INIT;
  reconcile.tasks = (char **)tasks;
  reconcile.n_tasks = count;
  Reeve__V1__FrameworkUp up = REEVE__V1__FRAMEWORK_UP__INIT;
  up.message_case = REEVE__V1__FRAMEWORK_UP__MESSAGE_RECONCILE;
  up.reconcile = &reconcile;
  return request(r, &up, serial);
}

int reeve_tear_down(reeve *r, uint64_t *serial) {
  int status = check_open(r);
  if (status != 0) return status;
  Reeve__V1__TearDown tear_down = REEVE__V1__TEAR_DOWN__INIT;
  Reeve__V1__FrameworkUp up = REEVE__V1__FRAMEWORK_UP__INIT;
  up.message_case = REEVE__V1__FRAMEWORK_UP__MESSAGE_TEAR_DOWN;
  up.tear_down = &tear_down;
  return request(r, &up, serial);
}
