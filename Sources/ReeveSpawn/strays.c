#define _GNU_SOURCE
#include "strays.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_stray(pid_t pid, pid_t session) { return getsid(pid) == session && getpgid(pid) != session; }

static bool kill_stray(pid_t pid, pid_t session) {
  int process = (int)syscall(SYS_pidfd_open, pid, 0);
  if (process < 0) return false;
  // Asked again with the process held: the pid may have become another's since it was listed.
  bool stray = is_stray(pid, session);
  if (stray) syscall(SYS_pidfd_send_signal, process, SIGKILL, NULL, 0);
  close(process);
  return stray;
}

bool kill_strays(pid_t session) {
  DIR *processes = opendir("/proc");
  if (processes == NULL) return false;
  bool any = false;
  for (struct dirent *entry = readdir(processes); entry != NULL; entry = readdir(processes)) {
    char *end;
    long pid = strtol(entry->d_name, &end, 10);
    if (*end != 0 || pid <= 1) continue;
    if (is_stray((pid_t)pid, session) && kill_stray((pid_t)pid, session)) any = true;
  }
  closedir(processes);
  return any;
}
