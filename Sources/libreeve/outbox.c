#include "outbox.h"

#include <grpc/support/alloc.h>

struct message *message_pack(const Reeve__V1__FrameworkUp *up) {
  size_t length = reeve__v1__framework_up__get_packed_size(up);
  struct message *message = gpr_zalloc(sizeof *message + length);
  message->serial = up->serial;
  message->kind = up->message_case;
  message->length = reeve__v1__framework_up__pack(up, message->bytes);
  return message;
}

// MARK: Queues

static void append(struct queue *queue, struct message *message) {
  message->next = NULL;
  if (queue->first == NULL) {
    queue->first = message;
  } else {
    queue->last->next = message;
  }
  queue->last = message;
  queue->bytes += message->length;
}

static struct message *take_first(struct queue *queue) {
  struct message *message = queue->first;
  queue->first = message->next;
  queue->bytes -= message->length;
  return message;
}

/// Takes out the message of that serial; NULL: there is none.
static struct message *take_answered(struct queue *queue, uint64_t serial) {
  struct message *before = NULL, *message = queue->first;
  // Replies mostly come in the order of requests, so that it is the first.
  while (message != NULL && message->serial != serial) {
    before = message;
    message = message->next;
  }
  if (message == NULL) return NULL;
  if (before == NULL) return take_first(queue);
  before->next = message->next;
  if (queue->last == message) queue->last = before;
  queue->bytes -= message->length;
  return message;
}

const struct message *outbox_next(const struct outbox *outbox) { return outbox->waiting.first; }

void outbox_sent(struct outbox *outbox) {
  struct message *message = take_first(&outbox->waiting);
  if (message->serial == 0) {
    gpr_free(message);
  } else {
    append(&outbox->unanswered, message);
  }
}

size_t outbox_bytes(const struct outbox *outbox) { return outbox->waiting.bytes + outbox->unanswered.bytes; }

// MARK: Demand

static Reeve__V1__ShapeDemand *find_shape(const struct outbox *outbox, uint32_t key) {
  if (outbox->demand == NULL) return NULL;
  for (size_t i = 0; i < outbox->demand->n_shapes; i++) {
    if (outbox->demand->shapes[i]->key == key) return outbox->demand->shapes[i];
  }
  return NULL;
}

/// What is accepted for is not demanded any more.
static void take_off(struct outbox *outbox, struct message *accept) {
  Reeve__V1__ShapeDemand *shape = find_shape(outbox, accept->key);
  uint32_t demanded = shape == NULL ? 0 : shape->count;
  if (accept->slices > demanded) accept->slices = demanded;
  accept->demand = outbox->demand_number;
  if (accept->slices > 0) shape->count -= accept->slices;
}

/// A refused accept has taken nothing.
static void give_back(struct outbox *outbox, const struct message *accept) {
  if (accept->slices == 0 || accept->demand != outbox->demand_number) return;
  find_shape(outbox, accept->key)->count += accept->slices;
  // The master was told the demand of this stream before it was asked again.
  if (accept->is_again) outbox_add_demand(outbox);
}

void outbox_add(struct outbox *outbox, struct message *message) {
  if (message->slices > 0) take_off(outbox, message);
  append(&outbox->waiting, message);
}

void outbox_set_demand(struct outbox *outbox, Reeve__V1__Demand *demand, uint64_t serial) {
  reeve__v1__demand__free_unpacked(outbox->demand, NULL);
  outbox->demand = demand;
  outbox->demand_number++;
  outbox->demand_serial = serial;
}

void outbox_add_demand(struct outbox *outbox) {
  Reeve__V1__FrameworkUp up = REEVE__V1__FRAMEWORK_UP__INIT;
  up.message_case = REEVE__V1__FRAMEWORK_UP__MESSAGE_DEMAND;
  up.demand = outbox->demand;
  up.serial = outbox->demand_serial;
  append(&outbox->waiting, message_pack(&up));
}

// MARK: Streams

bool outbox_take_reply(struct outbox *outbox, const Reeve__V1__FrameworkReply *reply) {
  if (reply->serial == 0) return false;
  if (reply->serial == outbox->demand_serial) outbox->demand_serial = 0;
  struct message *message = take_answered(&outbox->unanswered, reply->serial);
  if (message == NULL) return false;
  if (reply->problem != NULL) give_back(outbox, message);
  bool is_torn_down = reply->problem == NULL && message->kind == REEVE__V1__FRAMEWORK_UP__MESSAGE_TEAR_DOWN;
  gpr_free(message);
  return is_torn_down;
}

static void add_reconcile_all(struct outbox *outbox) {
  Reeve__V1__Reconcile reconcile = REEVE__V1__RECONCILE__INIT;
  Reeve__V1__FrameworkUp up = REEVE__V1__FRAMEWORK_UP__INIT;
  up.message_case = REEVE__V1__FRAMEWORK_UP__MESSAGE_RECONCILE;
  up.reconcile = &reconcile;
  append(&outbox->waiting, message_pack(&up));
}

void outbox_begin(struct outbox *outbox, bool is_resumed) {
  struct queue old[] = {outbox->unanswered, outbox->waiting};
  outbox->unanswered = outbox->waiting = (struct queue){0};
  if (outbox->demand != NULL) outbox_add_demand(outbox);
  if (is_resumed) add_reconcile_all(outbox);
  for (size_t i = 0; i < 2; i++) {
    while (old[i].first != NULL) {
      struct message *message = take_first(&old[i]);
      if (message->serial == 0 || message->kind == REEVE__V1__FRAMEWORK_UP__MESSAGE_DEMAND) {
        gpr_free(message);
      } else {
        message->is_again = true;
        append(&outbox->waiting, message);
      }
    }
  }
}

void outbox_free(struct outbox *outbox) {
  while (outbox->waiting.first != NULL) gpr_free(take_first(&outbox->waiting));
  while (outbox->unanswered.first != NULL) gpr_free(take_first(&outbox->unanswered));
  reeve__v1__demand__free_unpacked(outbox->demand, NULL);
}
