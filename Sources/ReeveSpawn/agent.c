#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "protocol.h"
#include "tasks.h"

#define READ_AT_ONCE (256u << 10)
#define SOCKET_BUFFER (1 << 20)
#define UNSENT_MAX (64u << 20)
// Starts in one turn: between turns, ends are told and the agent hears of what has started.
#define SPAWNS_A_TURN 16
#define STARTS_HELD_MS 3

struct buffer agent_out;

static int connection = -1;
static bool greeted, waits_for_room;
static struct buffer in;
static size_t parsed;

bool agent_connected(void) { return connection >= 0; }

static void disconnect(const char *why) {
  note("the agent's connection ends: %s", why);
  close(connection);
  connection = -1;
  greeted = waits_for_room = false;
  in.length = parsed = agent_out.length = 0;
}

void agent_accept(int poll, int listener) {
  int fresh = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fresh < 0) return;
  if (connection >= 0) disconnect("another took its place");
  int size = SOCKET_BUFFER;
  setsockopt(fresh, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  connection = fresh;
  struct epoll_event interest = {.events = EPOLLIN, .data.fd = connection};
  if (epoll_ctl(poll, EPOLL_CTL_ADD, connection, &interest) != 0) disconnect(strerror(errno));
}

// MARK: Requests

/// Whether a request made sense to its last byte. Asked before anything is done about it.
static bool is_whole(const struct reader *r) { return !r->bad && r->at == r->end; }

static bool take_strings(struct reader *r, struct reader *items, uint32_t *count, size_t *bytes) {
  *count = take_u32(r);
  if (r->bad || *count > STRINGS_MAX) return false;
  items->at = r->at;
  items->bad = false;
  for (uint32_t i = 0; i < *count; i++) *bytes += take_name(r, FRAME_MAX).length + 1;
  items->end = r->at;
  return !r->bad;
}

static bool spawn(struct reader *r) {
  struct command command = {.attempt = take_u64(r), .slot = take_name(r, PATH_BYTES_MAX)};
  command.directory = take_name(r, PATH_BYTES_MAX);
  if (r->bad || command.slot.length == 0) return false;
  if (!take_strings(r, &command.arguments, &command.argument_count, &command.bytes)) return false;
  if (!take_strings(r, &command.environment, &command.environment_count, &command.bytes)) return false;
  command.tag = take_string(r, TAG_MAX);
  if (!is_whole(r) || command.argument_count == 0) return false;
  tasks_spawn(&command, &agent_out);
  return true;
}

static bool order_kill(struct reader *r) {
  uint64_t attempt = take_u64(r);
  uint8_t reason = take_u8(r);
  uint32_t grace_ms = take_u32(r);
  if (!is_whole(r)) return false;
  tasks_order_kill(attempt, reason, grace_ms);
  return true;
}

static bool send_signal(struct reader *r) {
  uint64_t attempt = take_u64(r);
  uint8_t number = take_u8(r);
  if (!is_whole(r)) return false;
  tasks_signal(attempt, number);
  return true;
}

static bool forget(struct reader *r) {
  uint32_t count = take_u32(r);
  if (r->bad || (size_t)(r->end - r->at) != (size_t)count * 8) return false;
  for (uint32_t i = 0; i < count; i++) tasks_forget(take_u64(r));
  return true;
}

static bool hello(struct reader *r) {
  uint32_t version = take_u32(r);
  if (!is_whole(r) || greeted) return false;
  if (version != PROTOCOL_VERSION) {
    note("the agent speaks version %u of the protocol, this supervisor %u", version, PROTOCOL_VERSION);
    return false;
  }
  greeted = true;
  // What happened earlier in this turn is in the welcome.
  agent_out.length = 0;
  tasks_put_welcome(&agent_out);
  return true;
}

static bool shut_down(struct reader *r) {
  uint32_t grace_ms = take_u32(r);
  if (!is_whole(r)) return false;
  tasks_shut_down(grace_ms);
  return true;
}

/// Carries one request out; false: it makes no sense.
static bool handle(uint8_t kind, struct reader *r) {
  if (kind != FRAME_HELLO && !greeted) return false;
  switch (kind) {
    case FRAME_HELLO: return hello(r);
    case FRAME_SPAWN: return spawn(r);
    case FRAME_KILL: return order_kill(r);
    case FRAME_SIGNAL: return send_signal(r);
    case FRAME_FORGET: return forget(r);
    case FRAME_SHUTDOWN: return shut_down(r);
  }
  return false;
}

/// The length of the next frame (of kind and body) if all of it is there; 0 if not, or if it cannot be.
static uint32_t next_frame(bool *bad) {
  struct reader head = {in.bytes + parsed, in.bytes + in.length, false};
  *bad = false;
  if (in.length - parsed < 4) return 0;
  uint32_t length = take_u32(&head);
  *bad = length == 0 || length > FRAME_MAX;
  return *bad || in.length - parsed - 4 < length ? 0 : length;
}

bool agent_has_more(void) {
  bool bad;
  return connection >= 0 && next_frame(&bad) != 0;
}

static bool fill(void) {
  buffer_consume(&in, parsed);
  parsed = 0;
  buffer_reserve(&in, READ_AT_ONCE);
  ssize_t count = read(connection, in.bytes + in.length, in.capacity - in.length);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (count <= 0) {
    disconnect(count == 0 ? "it was closed" : strerror(errno));
    return false;
  }
  in.length += (size_t)count;
  return true;
}

void agent_receive(bool readable) {
  if (connection < 0) return;
  if (readable && !agent_has_more() && !fill()) return;
  int spawns = 0;
  bool bad = false;
  while (spawns < SPAWNS_A_TURN) {
    uint32_t length = next_frame(&bad);
    if (length == 0) break;
    uint8_t kind = in.bytes[parsed + 4];
    struct reader body = {in.bytes + parsed + 5, in.bytes + parsed + 4 + length, false};
    bad = !handle(kind, &body);
    if (bad) break;
    parsed += 4 + length;
    if (kind == FRAME_SPAWN) spawns++;
  }
  if (bad) disconnect("what it sent is malformed");
}

// MARK: Answers

static void watch(int poll, bool for_room) {
  if (for_room == waits_for_room) return;
  waits_for_room = for_room;
  struct epoll_event interest = {.events = EPOLLIN | (for_room ? EPOLLOUT : 0), .data.fd = connection};
  epoll_ctl(poll, EPOLL_CTL_MOD, connection, &interest);
}

static void send_now(int poll) {
  ssize_t count = send(connection, agent_out.bytes, agent_out.length, MSG_NOSIGNAL);
  if (count < 0 && errno != EAGAIN && errno != EINTR) {
    disconnect(strerror(errno));
    return;
  }
  if (count > 0) buffer_consume(&agent_out, (size_t)count);
  if (agent_out.length > UNSENT_MAX) {
    // It is told everything again when it comes back.
    disconnect("it does not read");
    return;
  }
  watch(poll, agent_out.length > 0);
}

/// Until when starts with nothing else beside them are held back.
static uint64_t starts_due_ms = UINT64_MAX;

/// Of a short task the end comes right behind its start: one message, and one wake of the agent, for both.
static bool hold_starts(void) {
  if (agent_out.length != tasks_starts_unsaid()) return false;
  if (starts_due_ms == UINT64_MAX) starts_due_ms = boot_ms() + STARTS_HELD_MS;
  return boot_ms() < starts_due_ms;
}

uint64_t agent_send(int poll) {
  if (!greeted) agent_out.length = 0;
  if (connection < 0 || agent_out.length == 0) {
    tasks_starts_said();
    starts_due_ms = UINT64_MAX;
    return UINT64_MAX;
  }
  if (hold_starts()) return starts_due_ms;
  tasks_starts_said();
  starts_due_ms = UINT64_MAX;
  send_now(poll);
  return UINT64_MAX;
}
