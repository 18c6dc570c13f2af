// Tasks as the caller gives them become a job's columns.
#pragma once

#include "reeve.h"
#include "reeve/v1/job.pb-c.h"

/// Points into the caller's tasks; what it owns is freed with `tasks_free`.
struct task_spec {
  Reeve__V1__JobSpec job;
  Reeve__V1__TaskColumns columns;
  Reeve__V1__PackedStrings names, words;
  Reeve__V1__PackedLists arguments;
};

/// Fills in the templates and the columns. Returns 0 or a negative `enum reeve_status`; there is nothing to be freed then.
int tasks_pack(reeve *, struct task_spec *, const struct reeve_task *, size_t count);
void tasks_free(struct task_spec *);
