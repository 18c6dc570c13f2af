// Tasks by attempt, and running ones by pid.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "launch.h"
#include "slots.h"

enum task_state { TASK_RUNNING, TASK_DRAINING, TASK_ENDED };

struct usage {
  uint64_t cpu_us, peak_bytes, read_bytes, written_bytes;
};

struct task {
  struct task *next_of_attempt, *next_of_pid;
  struct task *next, *previous;  // of its list: the living, or the ended
  enum task_state state;
  uint64_t attempt;
  pid_t pid;
  uint8_t reason;
  bool order_waits;              // the kill order is not carried out yet
  bool session_strays;           // processes of its session outside its group were seen
  uint32_t grace_ms;
  uint64_t kill_at_ms;           // 0: no order, or KILL was sent
  uint64_t started_us, started_ms, ended_us;
  int status;
  struct usage usage;
  struct launch *launch;
  struct slot *slot;
  unsigned char *tag;
  uint32_t tag_length;
  uint8_t end_kind;              // what is told of its end: FRAME_ENDED or FRAME_FAILED
  struct buffer end;
};

struct task_list {
  struct task *first;
  uint32_t count;
};

extern struct task_list living, ended;

struct task *table_find(uint64_t attempt);
struct task *table_find_pid(pid_t pid);

/// A new task, in no list.
struct task *table_add(uint64_t attempt);
void table_add_pid(struct task *task);
void table_remove_pid(struct task *task);

/// Takes the task out of everything and frees it.
void table_remove(struct task *task, struct task_list *list);

void list_add(struct task_list *list, struct task *task);
void list_remove(struct task_list *list, struct task *task);
