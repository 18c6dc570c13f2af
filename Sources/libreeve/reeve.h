/// libreeve: frameworks for Reeve, in C.
///
/// A framework says what it wants (`reeve_demand`), is offered slices of the cluster that fit it, and answers with tasks
/// (`reeve_accept`) or not (`reeve_decline`). What becomes of its tasks it is told by updates.
///
/// *One descriptor.* `reeve_fd` is readable when there is something to be told: wait for it with `poll` or the like, then call
/// `reeve_dispatch`, which calls the callbacks back. Nothing else calls them, so that they run on the caller's thread, one
/// after the other. A thread of the library speaks with the master meanwhile: it answers heartbeats, connects again and
/// subscribes again by itself, also while the program computes.
///
/// *At least once.* Updates come until they are acknowledged, which the library does after the callback for them has returned
/// 0: so what an update means must be durable by then, where that matters. Requests get one reply each, but for a demand that
/// another has replaced. Those without a reply when a connection breaks are sent again on the next one.
///
/// *Coming back.* A framework that subscribes again under its id has the tasks that it had, if it does so within
/// `failover_micros`. It is told the state of all that has not ended, or whose end it has not acknowledged. An accept is named
/// by its `addition`: sent again under the same name, by a process that does not know whether the one before it got so far, it
/// is answered as the first time.
///
/// There is no global state: handles have nothing in common. One handle is used by one thread at a time. Signals are
/// blocked on the library's threads. Memory that runs out ends the process, as it does in gRPC's core.
///
/// Functions return 0 or a negative `enum reeve_status`, and `reeve_error` then says what was wrong in a sentence, with the
/// field, its value and what would be right. Strings are UTF-8. What callbacks are handed lives until they return.
///
///     struct reeve_callbacks callbacks = {.size = sizeof callbacks, .offers = offers, .updates = updates};
///     struct reeve_options options = {.size = sizeof options, .framework = "hello", .callbacks = &callbacks};
///     reeve *r;
///     if (reeve_open(&options, &r) != 0) { fprintf(stderr, "%s\n", reeve_error(r)); … }
///     struct reeve_demand demand = {.size = sizeof demand, .shape = {.cpu_millis = 1000, .memory = 64 << 20}, .count = 1};
///     reeve_demand(r, &demand, 1, NULL);
///     struct pollfd wait = {.fd = reeve_fd(r), .events = POLLIN};
///     while (!done && poll(&wait, 1, -1) > 0 && reeve_dispatch(r) == 0) {}
///     reeve_close(r);
#ifndef REEVE_H
#define REEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define REEVE_API __attribute__((visibility("default")))

/// A framework's session with a cluster.
typedef struct reeve reeve;

enum reeve_status {
  REEVE_OK = 0,
  REEVE_INVALID = -1,      ///< an argument; nothing was done
  REEVE_UNAVAILABLE = -2,  ///< no cluster is to be found
  REEVE_DENIED = -3,       ///< the cluster's token cannot be read, or others can
  REEVE_FULL = -4,         ///< too much waits to be sent: dispatch, and try again when replies have come
  REEVE_ENDED = -5,        ///< the master has refused the subscription: the session is over
};

struct reeve_resources {
  int64_t cpu_millis;  ///< thousandths of a core
  int64_t memory;      ///< bytes
  int64_t disk;        ///< bytes
};

// MARK: What is told

struct reeve_subscription {
  const char *framework;
  const char *job;  ///< whose tasks the framework's are, for `reeve ps`
  uint32_t term;    ///< of the master; grows with each that leads
  bool resumed;     ///< it had subscribed before, and has what it had
  const char *const *capabilities;  ///< of the master; ends with NULL
};

enum reeve_slice_kind {
  REEVE_POOLED = 0,  ///< the rack picks the node
  REEVE_PINNED = 1,  ///< one node's, which the rack has set aside
};

/// Slices of one shape on one rack.
struct reeve_offer {
  uint64_t id;
  uint32_t key;  ///< of the demand that it is for
  struct reeve_resources shape;
  uint32_t count;
  const char *rack;
  enum reeve_slice_kind kind;
  const char *node;        ///< pinned only; else empty
  int64_t expires_micros;  ///< from when it was sent
};

enum reeve_state {
  REEVE_UNKNOWN = 0,   ///< the framework has no such task
  REEVE_QUEUED = 1,    ///< accepted; or it has come back, and is placed again without an offer
  REEVE_ASSIGNED = 2,  ///< on its way to a node
  REEVE_RUNNING = 3,
  REEVE_SUCCEEDED = 4,  ///< the end, as are those below, unless somebody has the task run again (`reeve retry`)
  REEVE_FAILED = 5,
  REEVE_CANCELLED = 6,
};

/// The latest of a task: of several changes between two updates only the last may be told.
struct reeve_update {
  const char *task;
  enum reeve_state state;
  const char *reason;  ///< a code such as `out-of-memory`; empty where all is well
  int32_t status;      ///< exit code, or minus the signal
  const char *node;    ///< where it runs or ran; empty where it does not
  uint64_t attempt;    ///< one launch of it; 0: none
};

/// To one request: it was done, or changed nothing. Replies may come in another order than requests were made.
struct reeve_reply {
  /// Of the request. 0: of a decline or an acknowledgement, which have a reply only if they are refused, or of a demand that
  /// was said again after a reconnection.
  uint64_t serial;
  const char *code;     ///< NULL: done; else why not, as a code such as `invalid`
  const char *field;    ///< what of the request is meant; may be empty
  const char *message;  ///< a sentence; empty where it is done
  uint64_t tasks;       ///< of an accept: how many it has; of a kill: how many it changes
};

/// Each may be NULL. They may call any function of the handle but `reeve_dispatch` and `reeve_close`.
struct reeve_callbacks {
  size_t size;  ///< `sizeof (struct reeve_callbacks)`, by which later versions know what is in it
  /// First, and after each `disconnected`. What was demanded is demanded again by now, less the slices accepted since.
  void (*subscribed)(reeve *, const struct reeve_subscription *, void *context);
  void (*offers)(reeve *, const struct reeve_offer *, size_t count, void *context);
  /// These offers are void: expired, or wanted by others, or their rack is lost.
  void (*rescinded)(reeve *, const uint64_t *offers, size_t count, const char *reason, void *context);
  /// Those that want an acknowledgement get one when this returns 0; else they come again after the next subscription.
  /// Without it none is acknowledged.
  int (*updates)(reeve *, const struct reeve_update *, size_t count, void *context);
  void (*reply)(reeve *, const struct reeve_reply *, void *context);
  /// The stream has broken, or no master answers; told once until the next `subscribed`. All offers are void. Tasks run on.
  void (*disconnected)(reeve *, const char *reason, void *context);
  /// The session is over: the subscription was refused, or a newer one of the same id has taken its place. The last callback.
  void (*failed)(reeve *, const char *reason, void *context);
};

// MARK: A session

struct reeve_options {
  size_t size;             ///< `sizeof (struct reeve_options)`
  const char *framework;   ///< its id: 1 to 64 letters, digits, `-`, `_`, `.`
  const char *name;        ///< for people; NULL: its id
  const char *role;        ///< whose share of the cluster it uses; NULL: `default`
  const char *user;        ///< NULL: who runs this process
  int64_t failover_micros;  ///< after its stream has ended its tasks go on for so long; 0: they end at once
  /// Of the masters, HOST:PORT, several separated by commas and tried in turn. NULL: `REEVE_ADDRESS`, else the file `address`
  /// in the data directory (`REEVE_DATA`, else `reeve` in `XDG_STATE_HOME`, else `~/.local/state/reeve`).
  const char *addresses;
  /// With the cluster's secret, readable by its owner only. NULL: `REEVE_TOKEN_FILE`, else `token` in the data directory.
  const char *token_file;
  const struct reeve_callbacks *callbacks;  ///< copied
  void *context;                            ///< handed to each callback
};

/// Begins a session; the connection is made after the call. On failure `*out` is a handle that knows nothing but the error.
/// Close it in any case.
REEVE_API int reeve_open(const struct reeve_options *, reeve **out);

/// Ends the session: waits up to a second for what was said to be sent. NULL is allowed. The framework's tasks go on for
/// `failover_micros`; to end them for good, `reeve_tear_down` and wait for the reply.
REEVE_API void reeve_close(reeve *);

/// Readable when `reeve_dispatch` has something to do. It belongs to the library: only wait for it. -1 after a failed open.
REEVE_API int reeve_fd(const reeve *);

/// Calls back for all that has come, without waiting for more.
/// Returns `REEVE_ENDED` when `failed` has been called back, and from then on.
REEVE_API int reeve_dispatch(reeve *);

/// What was wrong with the last call that failed. Lives until the next one.
REEVE_API const char *reeve_error(const reeve *);

// MARK: Requests
//
// They are sent at once, or when there is a connection again. Where `serial` is not NULL it becomes what the reply bears.

/// A node's attribute must have one of the values; negated, none of them, or be missing. Every node has its name and that of its
/// rack as `node` and `rack`, and what its agent was started with.
struct reeve_constraint {
  const char *attribute;
  const char *const *values;  ///< ends with NULL
  bool negated;
};

struct reeve_demand {
  size_t size;   ///< `sizeof (struct reeve_demand)`, the same in each
  uint32_t key;  ///< the framework's name for it, which offers bear; each once
  struct reeve_resources shape;
  uint32_t count;
  const char *const *racks;  ///< wanted first, by name; ends with NULL; NULL: any
  int64_t wait_micros;       ///< so long only those racks are offered
  enum reeve_slice_kind kind;
  const struct reeve_constraint *constraints;  ///< all must hold; tasks that are accepted for it run on such nodes only
  size_t constraint_count;
};

/// What the framework wants beyond what it has accepted for. Replaces what was demanded before. The slices that accepted tasks
/// take are taken off, so that it need be said again only where it changes. After a reconnection the library says it, and
/// counts a slice a task, of the key of the accept's first offer: a framework that does otherwise then demands anew. Without
/// demand there are no offers.
REEVE_API int reeve_demand(reeve *, const struct reeve_demand *, size_t count, uint64_t *serial);

enum reeve_node_loss {
  REEVE_REQUEUE = 0,  ///< runs again elsewhere, up to three times
  REEVE_WAIT = 1,     ///< waits until the node is back, so that no two attempts overlap
  REEVE_FAIL = 2,
};

struct reeve_task {
  size_t size;                    ///< `sizeof (struct reeve_task)`, the same in each
  const char *id;                 ///< unique within the framework, for its life
  const char *const *argv;        ///< the program and its arguments; ends with NULL
  const char *const *env;         ///< `NAME=value`, set beside the few that every task gets; ends with NULL; NULL: none
  struct reeve_resources resources;
  int64_t time_limit_micros;  ///< of one attempt; 0: none
  int64_t grace_micros;       ///< from the polite signal to the hard one; 0: 5 s; negative: none
  uint32_t retries;           ///< after failures that another try may change
  int32_t priority;
  const char *directory;  ///< an absolute path; NULL: a directory of its own
  enum reeve_node_loss on_node_loss;
};

/// Runs tasks in slices of offers of one rack, one or several in each. The offers are used up: what the tasks do not take goes
/// back. If the reply says that it was refused they are open again. Neighbours that differ only in `id` and `argv` cost little more than those.
///
/// `addition` names this accept, once for the life of the framework; NULL: a random name. A program that writes it down before
/// the call, and finds it at its next start without knowing whether it was taken, accepts the same tasks under the same name
/// again, with no offers: the reply then says how many it has, or that there was no such accept.
REEVE_API int reeve_accept(
    reeve *, const uint64_t *offers, size_t offer_count, const char *addition, const struct reeve_task *, size_t count,
    uint64_t *serial);

/// The offers are not wanted now. Their shapes are offered again after a while that grows with each time; new demand ends it.
/// Those void already are passed over. There is no reply.
REEVE_API int reeve_decline(reeve *, const uint64_t *offers, size_t count);

/// Ends tasks, by their ids. Updates say when they have ended, also of those that the framework does not have.
REEVE_API int reeve_kill(reeve *, const char *const *tasks, size_t count, uint64_t *serial);

/// To what runs as a task, which reads it as a line of the file that its `REEVE_MESSAGES` names: at most 64 KiB, and no newline in
/// it. The reply says that it was handed on; it is lost where the task has ended or its node is away by then. May come twice if
/// the connection breaks before the reply.
REEVE_API int reeve_message(reeve *, const char *task, const void *data, size_t length, uint64_t *serial);

/// Asks for updates on these tasks; with none, on all that have not ended or whose end is not acknowledged.
REEVE_API int reeve_reconcile(reeve *, const char *const *tasks, size_t count, uint64_t *serial);

/// The framework is done: its tasks are ended, and its id is not taken again. The reply is the last that is told; where it is
/// lost with the connection, `failed` says that the id is not taken again.
REEVE_API int reeve_tear_down(reeve *, uint64_t *serial);

#ifdef __cplusplus
}
#endif

#endif
