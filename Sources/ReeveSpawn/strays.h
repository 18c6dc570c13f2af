// Processes of a task's session that have left its process group (a shell with job control makes one a job).
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/// Kills the processes of session `session` outside its first group; says whether there were any. Looks through
/// /proc, which is for tasks that ran long enough to pay for it.
bool kill_strays(pid_t session);
