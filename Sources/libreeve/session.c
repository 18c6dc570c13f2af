#define _GNU_SOURCE
#include "session.h"

#include <assert.h>
#include <errno.h>
#include <grpc/support/alloc.h>
#include <grpc/support/string_util.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "incoming.h"

#define PROTOCOL 1
#define FRAMEWORK_BYTES_MAX 64

int fail(reeve *r, int status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(r->error, sizeof r->error, format, arguments);
  va_end(arguments);
  return status;
}

const char *reeve_error(const reeve *r) { return r->error; }

// MARK: Opening

static bool is_framework_id(const char *id) {
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  size_t length = strlen(id);
  return length > 0 && length <= FRAMEWORK_BYTES_MAX && strspn(id, allowed) == length;
}

/// The name of whom the process belongs to, for `gpr_free`.
static char *process_owner(void) {
  struct passwd entry, *found = NULL;
  char *text = NULL, buffer[4096];
  if (getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found) == 0 && found != NULL) {
    return gpr_strdup(entry.pw_name);
  }
  gpr_asprintf(&text, "%u", (unsigned)geteuid());
  return text;
}

static int check_options(reeve *r, const struct reeve_options *options) {
  if (options->size < sizeof *options) {
    return fail(r, REEVE_INVALID, "size: %zu is no size of options; set it to sizeof (struct reeve_options)", options->size);
  }
  if (options->callbacks == NULL || options->callbacks->size < sizeof *options->callbacks) {
    return fail(
        r, REEVE_INVALID, "callbacks: set it to a struct reeve_callbacks, with its size set to sizeof (struct reeve_callbacks)");
  }
  if (options->framework == NULL || !is_framework_id(options->framework)) {
    return fail(
        r, REEVE_INVALID, "framework: \"%s\" is no id; use 1 to %d letters, digits, '-', '_' or '.', such as \"sweep-1\"",
        options->framework == NULL ? "" : options->framework, FRAMEWORK_BYTES_MAX);
  }
  if (options->failover_micros < 0) {
    return fail(
        r, REEVE_INVALID, "failover_micros: %lld is before the stream ends; use 0 or more",
        (long long)options->failover_micros);
  }
  return 0;
}

static struct message *pack_subscribe(const reeve *r, const struct reeve_options *options) {
  char empty[] = "";
  // Those of the master that this library can make use of.
  char *capabilities[] = {(char[]){"messages"}, (char[]){"pinned"}};
  Reeve__V1__Subscribe subscribe = REEVE__V1__SUBSCRIBE__INIT;
  subscribe.protocol = PROTOCOL;
  subscribe.framework = (char *)options->framework;
  subscribe.name = options->name == NULL ? empty : (char *)options->name;
  subscribe.role = options->role == NULL ? empty : (char *)options->role;
  subscribe.user = options->user == NULL ? r->user : (char *)options->user;
  subscribe.failover_micros = options->failover_micros;
  subscribe.capabilities = capabilities;
  subscribe.n_capabilities = sizeof capabilities / sizeof *capabilities;
  Reeve__V1__FrameworkUp up = REEVE__V1__FRAMEWORK_UP__INIT;
  up.message_case = REEVE__V1__FRAMEWORK_UP__MESSAGE_SUBSCRIBE;
  up.subscribe = &subscribe;
  return message_pack(&up);
}

int reeve_open(const struct reeve_options *options, reeve **out) {
  reeve *r = gpr_zalloc(sizeof *r);
  *out = r;
  int status = check_options(r, options);
  if (status != 0) return status;
  struct cluster cluster;
  status = cluster_find(&cluster, options->addresses, options->token_file, r->error, sizeof r->error);
  if (status != 0) return status;
  int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0) {
    cluster_free(&cluster);
    return fail(r, REEVE_UNAVAILABLE, "no descriptor can be had: %s; raise the limit (ulimit -n)", strerror(errno));
  }
  r->callbacks = *options->callbacks;
  r->context = options->context;
  r->framework = gpr_strdup(options->framework);
  r->user = options->user == NULL ? process_owner() : gpr_strdup(options->user);
  connection_start(&r->connection, cluster, pack_subscribe(r, options), wake);
  r->is_connected = true;
  return 0;
}

void reeve_close(reeve *r) {
  if (r == NULL) return;
  assert(!r->is_dispatching && "reeve_close was called by a callback");
  if (r->is_connected) connection_stop(&r->connection);
  gpr_free(r->offers.offers);
  gpr_free(r->failure);
  gpr_free(r->framework);
  gpr_free(r->user);
  gpr_free(r);
}

int reeve_fd(const reeve *r) { return r->is_connected ? r->connection.wake : -1; }

// MARK: Dispatching

static void note_offers(reeve *r, const Reeve__V1__FrameworkDown *down) {
  switch (down->message_case) {
    case REEVE__V1__FRAMEWORK_DOWN__MESSAGE_OFFERS: offers_add(&r->offers, down->offers); break;
    case REEVE__V1__FRAMEWORK_DOWN__MESSAGE_RESCIND:
      for (size_t i = 0; i < down->rescind->n_offers; i++) offers_remove(&r->offers, down->rescind->offers[i]);
      break;
    case REEVE__V1__FRAMEWORK_DOWN__MESSAGE_REPLY:
      if (down->reply->serial != 0) offers_settle(&r->offers, down->reply->serial, down->reply->problem != NULL);
      break;
    default: break;
  }
}

static void tell(reeve *r, const struct news *news, struct acknowledgements *acknowledgements) {
  // Numbers of updates are a stream's: those of an earlier one come again under others.
  if (news->stream != r->stream) acknowledgements->count = 0;
  r->stream = news->stream;
  switch (news->kind) {
    case NEWS_MESSAGE:
      note_offers(r, news->down);
      incoming_tell(r, &r->callbacks, r->context, news->down, acknowledgements);
      break;
    case NEWS_AWAY:
      r->offers.count = 0;
      if (r->callbacks.disconnected != NULL) r->callbacks.disconnected(r, news->reason, r->context);
      break;
    case NEWS_FAILED:
      r->offers.count = 0;
      r->failure = gpr_strdup(news->reason);
      if (r->callbacks.failed != NULL) r->callbacks.failed(r, news->reason, r->context);
      break;
  }
}

static void acknowledge(reeve *r, const struct acknowledgements *acknowledgements) {
  if (acknowledgements->count == 0) return;
  Reeve__V1__AcknowledgeUpdates acknowledge = REEVE__V1__ACKNOWLEDGE_UPDATES__INIT;
  acknowledge.ids = acknowledgements->ids;
  acknowledge.n_ids = acknowledgements->count;
  Reeve__V1__FrameworkUp up = REEVE__V1__FRAMEWORK_UP__INIT;
  up.message_case = REEVE__V1__FRAMEWORK_UP__MESSAGE_ACKNOWLEDGE;
  up.acknowledge = &acknowledge;
  struct message *message = message_pack(&up);
  message->stream = r->stream;
  connection_send(&r->connection, message);
}

int reeve_dispatch(reeve *r) {
  if (!r->is_connected) return fail(r, REEVE_INVALID, "reeve: it was not opened: see what reeve_open has returned");
  if (r->is_dispatching) return fail(r, REEVE_INVALID, "reeve_dispatch: a callback has called it; only return from that");
  struct acknowledgements acknowledgements = {0};
  r->is_dispatching = true;
  for (struct news *news = connection_take(&r->connection), *next; news != NULL; news = next) {
    next = news->next;
    tell(r, news, &acknowledgements);
    news_free(news);
  }
  r->is_dispatching = false;
  acknowledge(r, &acknowledgements);
  gpr_free(acknowledgements.ids);
  return r->failure == NULL ? 0 : fail(r, REEVE_ENDED, "the session is over: %s", r->failure);
}
