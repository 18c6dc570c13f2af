#define _GNU_SOURCE
#include "tasks.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exits.h"
#include "log.h"
#include "protocol.h"
#include "strays.h"
#include "table.h"

// A task that ran for less is not worth a walk through /proc at its end: it would cost more than the task. What such a
// task left in a process group of its own stays.
#define STRAY_WALK_AFTER_MS 200
#define DRAIN_LOOK_MIN_MS 1
#define DRAIN_LOOK_MAX_MS 100

static bool shutting_down;
static uint32_t orders_waiting, draining;
static uint64_t next_kill_ms = UINT64_MAX, next_look_ms = UINT64_MAX;
static size_t starts_unsaid;
static uint64_t look_delay_ms = DRAIN_LOOK_MIN_MS;

bool tasks_shutting_down(void) { return shutting_down; }
bool tasks_none_running(void) { return living.count == 0; }
uint64_t tasks_next_tick(void) { return next_kill_ms < next_look_ms ? next_kill_ms : next_look_ms; }

// MARK: What is said

static void say(struct buffer *out, const struct task *task) {
  size_t frame = frame_begin(out, task->state == TASK_ENDED ? task->end_kind : FRAME_STARTED);
  if (task->state == TASK_ENDED) {
    put_bytes(out, task->end.bytes, task->end.length);
  } else {
    put_u64(out, task->attempt);
    put_u32(out, (uint32_t)task->pid);
    put_u64(out, task->started_us);
  }
  frame_end(out, frame);
  if (task->state != TASK_ENDED) starts_unsaid += out->length - frame;
}

size_t tasks_starts_unsaid(void) { return starts_unsaid; }
void tasks_starts_said(void) { starts_unsaid = 0; }

void tasks_put_welcome(struct buffer *out) {
  size_t frame = frame_begin(out, FRAME_WELCOME);
  put_u32(out, PROTOCOL_VERSION);
  put_u32(out, ended.count);
  put_u32(out, living.count);
  for (struct task *task = living.first; task != NULL; task = task->next) {
    put_u64(out, task->attempt);
    put_u32(out, (uint32_t)task->pid);
    put_u64(out, task->started_us);
    put_u8(out, task->reason);
    put_string(out, task->tag, task->tag_length);
    put_string(out, task->slot->path, strlen(task->slot->path));
  }
  frame_end(out, frame);
  for (struct task *task = ended.first; task != NULL; task = task->next) say(out, task);
}

/// Makes `task`, whose end has been put into `task->end`, an ended one: on disk first, then to the agent.
static void tell_end(struct task *task, uint8_t frame, uint8_t record, struct buffer *out) {
  task->state = TASK_ENDED;
  task->end_kind = frame;
  list_add(&ended, task);
  exits_append(record, task->end.bytes, task->end.length);
  say(out, task);
}

static void tell_failure(struct task *task, int error, uint8_t step, struct text slot, struct buffer *out) {
  put_u64(&task->end, task->attempt);
  put_u32(&task->end, (uint32_t)error);
  put_u8(&task->end, step);
  put_string(&task->end, task->tag, task->tag_length);
  put_string(&task->end, slot.bytes, slot.length);
  tell_end(task, FRAME_FAILED, RECORD_FAILED, out);
}

// MARK: Starting

/// Where the task is to run, as a descriptor; -1 and errno if there is no such directory.
static int working_directory(const struct command *command, const struct slot *slot) {
  if (command->directory.length == 0) return slot->work;
  char path[PATH_BYTES_MAX + 1];
  memcpy(path, command->directory.bytes, command->directory.length);
  path[command->directory.length] = '\0';
  return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

void tasks_spawn(const struct command *command, struct buffer *out) {
  struct task *task = table_find(command->attempt);
  if (task != NULL) {
    say(out, task);
    return;
  }
  task = table_add(command->attempt);
  task->tag_length = command->tag.length;
  task->tag = must_allocate(command->tag.length + 1);
  memcpy(task->tag, command->tag.bytes, command->tag.length);

  int error = ESHUTDOWN;
  uint8_t step = STEP_FORK;
  task->slot = shutting_down ? NULL : slot_take(command->slot, &error, &step);
  if (task->slot == NULL) {
    tell_failure(task, error, step, command->slot, out);
    return;
  }
  task->started_us = wall_us();
  task->started_ms = boot_ms();
  int work = working_directory(command, task->slot);
  struct launch_result result = {.error = errno, .step = STEP_DIRECTORY};
  if (work >= 0) result = launch(command, work, task->slot->output, task->slot->error, &task->launch);
  // The child has a copy of its own.
  if (work >= 0 && work != task->slot->work) close(work);
  if (result.pid == 0) {
    slot_release(task->slot, true);
    tell_failure(task, result.error, result.step, command->slot, out);
    return;
  }
  task->pid = result.pid;
  table_add_pid(task);
  list_add(&living, task);
  say(out, task);
}

// MARK: Killing

void tasks_order_kill(uint64_t attempt, uint8_t reason, uint32_t grace_ms) {
  struct task *task = table_find(attempt);
  if (task == NULL || task->state != TASK_RUNNING) return;
  task->grace_ms = grace_ms;
  if (!task->order_waits) orders_waiting++;
  task->order_waits = true;
  if (task->reason != 0) return;
  task->reason = reason;
  struct buffer record = {0};
  put_u64(&record, attempt);
  put_u8(&record, reason);
  put_u64(&record, wall_us());
  exits_append(RECORD_ORDER, record.bytes, record.length);
  free(record.bytes);
}

/// Only while the main process is unreaped: until then its pid, and so the group's id, is nobody else's.
static void signal_group(const struct task *task, int number) {
  // Before the child has made its session there is no such group yet.
  if (kill(-task->pid, number) != 0 && errno == ESRCH) kill(task->pid, number);
}

void tasks_signal(uint64_t attempt, uint8_t number) {
  const struct task *task = table_find(attempt);
  if (task == NULL || task->state != TASK_RUNNING) return;
  signal_group(task, number);
}

void tasks_carry_out_orders(struct buffer *out) {
  if (orders_waiting == 0) return;
  exits_flush();
  // What exited by itself in the meantime has an end of its own, though it bears the order's reason.
  tasks_reap(out);
  uint64_t now = boot_ms();
  for (struct task *task = living.first; task != NULL && orders_waiting > 0; task = task->next) {
    if (!task->order_waits) continue;
    task->order_waits = false;
    orders_waiting--;
    if (task->state != TASK_RUNNING) continue;
    signal_group(task, SIGTERM);
    uint64_t kill_at = now + task->grace_ms;
    // A second order may shorten the grace, never lengthen it.
    if (task->kill_at_ms == 0 || kill_at < task->kill_at_ms) task->kill_at_ms = kill_at;
    if (task->kill_at_ms < next_kill_ms) next_kill_ms = task->kill_at_ms;
  }
  orders_waiting = 0;
}

void tasks_shut_down(uint32_t grace_ms) {
  if (!shutting_down) note("shutting down; %u tasks run", living.count);
  shutting_down = true;
  for (struct task *task = living.first; task != NULL; task = task->next) {
    tasks_order_kill(task->attempt, REASON_SHUTDOWN, grace_ms);
  }
}

// MARK: Ending

static void finish(struct task *task, struct buffer *out) {
  list_remove(&living, task);
  table_remove_pid(task);
  uint8_t step = 0;
  int error = task->launch == NULL ? 0 : launch_finish(task->launch, &step);
  task->launch = NULL;
  struct slot *slot = task->slot;
  struct text path = {(const unsigned char *)slot->path, (uint32_t)strlen(slot->path)};
  if (error != 0) {
    tell_failure(task, error, step, path, out);
    slot_release(slot, true);
    return;
  }
  struct slot_use use = slot_look(slot);
  struct buffer *end = &task->end;
  put_u64(end, task->attempt);
  put_u32(end, (uint32_t)task->status);
  put_u8(end, task->reason);
  put_u64(end, task->started_us);
  put_u64(end, task->ended_us);
  put_u64(end, task->usage.cpu_us);
  put_u64(end, task->usage.peak_bytes);
  put_u64(end, task->usage.read_bytes);
  put_u64(end, task->usage.written_bytes);
  put_u64(end, use.stdout_size);
  put_u64(end, use.stderr_size);
  put_u8(end, use.touched);
  put_string(end, task->tag, task->tag_length);
  put_string(end, path.bytes, path.length);
  tell_end(task, FRAME_ENDED, RECORD_ENDED, out);
  slot_release(slot, use.stdout_size == 0 && use.stderr_size == 0 && !use.touched);
}

static bool is_gone(struct task *task) {
  // Signal 0 only asks; the group may be gone and its id, in theory, another's.
  if (kill(-task->pid, 0) == 0 || errno != ESRCH) return false;
  if (task->session_strays) task->session_strays = kill_strays(task->pid);
  return !task->session_strays;
}

/// Tells the ends of those of whom nothing is left.
static void drain(struct buffer *out) {
  if (draining == 0) return;
  for (struct task *task = living.first, *next; task != NULL; task = next) {
    next = task->next;
    if (task->state != TASK_DRAINING || !is_gone(task)) continue;
    draining--;
    finish(task, out);
  }
  if (draining == 0) {
    next_look_ms = UINT64_MAX;
    look_delay_ms = DRAIN_LOOK_MIN_MS;
  } else if (next_look_ms == UINT64_MAX) {
    next_look_ms = boot_ms() + look_delay_ms;
  }
}

static void add_usage(struct usage *usage, const struct rusage *found) {
  struct timeval user = found->ru_utime, system = found->ru_stime;
  usage->cpu_us += (uint64_t)(user.tv_sec + system.tv_sec) * 1000000 + (uint64_t)(user.tv_usec + system.tv_usec);
  uint64_t peak = (uint64_t)found->ru_maxrss * 1024;
  if (peak > usage->peak_bytes) usage->peak_bytes = peak;
  usage->read_bytes += (uint64_t)found->ru_inblock * 512;
  usage->written_bytes += (uint64_t)found->ru_oublock * 512;
}

/// Reaps an exited child. Returns the task whose main process it was, or whose leftover.
static void reap(pid_t pid) {
  struct task *task = table_find_pid(pid);
  bool is_main = task != NULL && task->state == TASK_RUNNING;
  if (is_main) {
    // Now, while the unreaped process still holds the group's id. No member can fork past a signal to its group.
    kill(-pid, SIGKILL);
    if (boot_ms() - task->started_ms >= STRAY_WALK_AFTER_MS) task->session_strays = kill_strays(pid);
  } else {
    task = table_find_pid(getsid(pid));
  }
  int status;
  struct rusage found;
  if (wait4(pid, &status, 0, &found) != pid) return;
  if (task != NULL) add_usage(&task->usage, &found);
  if (!is_main) return;
  task->status = status;
  task->ended_us = wall_us();
  task->state = TASK_DRAINING;
  draining++;
}

void tasks_reap(struct buffer *out) {
  for (;;) {
    siginfo_t info = {0};
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) break;
    reap(info.si_pid);
  }
  drain(out);
}

static void kill_overdue(uint64_t now) {
  next_kill_ms = UINT64_MAX;
  for (struct task *task = living.first; task != NULL; task = task->next) {
    if (task->state != TASK_RUNNING || task->kill_at_ms == 0) continue;
    if (task->kill_at_ms <= now) {
      task->kill_at_ms = 0;
      signal_group(task, SIGKILL);
    } else if (task->kill_at_ms < next_kill_ms) {
      next_kill_ms = task->kill_at_ms;
    }
  }
}

void tasks_tick(struct buffer *out) {
  uint64_t now = boot_ms();
  if (next_kill_ms <= now) {
    tasks_reap(out);
    kill_overdue(now);
  }
  if (next_look_ms <= now) {
    look_delay_ms = look_delay_ms * 2 < DRAIN_LOOK_MAX_MS ? look_delay_ms * 2 : DRAIN_LOOK_MAX_MS;
    next_look_ms = UINT64_MAX;
    drain(out);
  }
}

// MARK: Acknowledging, and the file

static void put_live_records(void) {
  struct buffer record = {0};
  for (struct task *task = ended.first; task != NULL; task = task->next) {
    exits_append(task->end_kind == FRAME_ENDED ? RECORD_ENDED : RECORD_FAILED, task->end.bytes, task->end.length);
  }
  for (struct task *task = living.first; task != NULL; task = task->next) {
    if (task->reason == 0) continue;
    record.length = 0;
    put_u64(&record, task->attempt);
    put_u8(&record, task->reason);
    put_u64(&record, wall_us());
    exits_append(RECORD_ORDER, record.bytes, record.length);
  }
  free(record.bytes);
}

void tasks_forget(uint64_t attempt) {
  struct task *task = table_find(attempt);
  if (task == NULL || task->state != TASK_ENDED) return;
  table_remove(task, &ended);
  struct buffer record = {0};
  put_u32(&record, 1);
  put_u64(&record, attempt);
  exits_append(RECORD_ACKNOWLEDGED, record.bytes, record.length);
  free(record.bytes);
  if (exits_should_compact()) exits_compact(put_live_records);
}

static void load_record(uint8_t kind, const unsigned char *body, size_t length) {
  struct reader r = {body, body + length, false};
  if (kind == RECORD_ACKNOWLEDGED) {
    for (uint32_t count = take_u32(&r); count > 0 && !r.bad; count--) {
      struct task *task = table_find(take_u64(&r));
      if (task != NULL && !r.bad) table_remove(task, &ended);
    }
  } else if (kind == RECORD_ENDED || kind == RECORD_FAILED) {
    uint64_t attempt = take_u64(&r);
    if (r.bad || table_find(attempt) != NULL) return;
    struct task *task = table_add(attempt);
    task->state = TASK_ENDED;
    task->end_kind = kind == RECORD_ENDED ? FRAME_ENDED : FRAME_FAILED;
    put_bytes(&task->end, body, length);
    list_add(&ended, task);
  }
}

void tasks_load(void) { exits_open(load_record); }
