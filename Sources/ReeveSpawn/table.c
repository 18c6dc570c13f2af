#include "table.h"

#include <stdlib.h>

#define BUCKETS 8192u

struct task_list living, ended;
static struct task *by_attempt[BUCKETS], *by_pid[BUCKETS];

static struct task **attempt_bucket(uint64_t attempt) {
  return &by_attempt[(attempt * 0x9E3779B97F4A7C15u) >> 51];
}

static struct task **pid_bucket(pid_t pid) { return &by_pid[(uint32_t)pid % BUCKETS]; }

struct task *table_find(uint64_t attempt) {
  struct task *task = *attempt_bucket(attempt);
  while (task != NULL && task->attempt != attempt) task = task->next_of_attempt;
  return task;
}

struct task *table_find_pid(pid_t pid) {
  struct task *task = *pid_bucket(pid);
  while (task != NULL && task->pid != pid) task = task->next_of_pid;
  return task;
}

struct task *table_add(uint64_t attempt) {
  struct task *task = must_allocate(sizeof *task);
  struct task **bucket = attempt_bucket(attempt);
  task->attempt = attempt;
  task->next_of_attempt = *bucket;
  *bucket = task;
  return task;
}

void table_add_pid(struct task *task) {
  struct task **bucket = pid_bucket(task->pid);
  task->next_of_pid = *bucket;
  *bucket = task;
}

void table_remove_pid(struct task *task) {
  struct task **link = pid_bucket(task->pid);
  while (*link != task) link = &(*link)->next_of_pid;
  *link = task->next_of_pid;
}

void table_remove(struct task *task, struct task_list *list) {
  struct task **link = attempt_bucket(task->attempt);
  while (*link != task) link = &(*link)->next_of_attempt;
  *link = task->next_of_attempt;
  list_remove(list, task);
  free(task->tag);
  free(task->end.bytes);
  free(task);
}

void list_add(struct task_list *list, struct task *task) {
  task->previous = NULL;
  task->next = list->first;
  if (list->first != NULL) list->first->previous = task;
  list->first = task;
  list->count++;
}

void list_remove(struct task_list *list, struct task *task) {
  *(task->previous != NULL ? &task->previous->next : &list->first) = task->next;
  if (task->next != NULL) task->next->previous = task->previous;
  task->next = task->previous = NULL;
  list->count--;
}
