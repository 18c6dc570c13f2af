#define _GNU_SOURCE
#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "log.h"
#include "system.h"

static int lock = -1;
static int ready[2] = {-1, -1};

void settle_in(const char *directory) {
  close_range(3, ~0u, 0);
  // A missing standard stream would give its number to a file of ours, which a task would then inherit.
  for (int file = 0; file < 3; file++) {
    if (fcntl(file, F_GETFD) < 0 && open("/dev/null", O_RDWR) != file) die("cannot open /dev/null");
  }
  // By the bare call, as posix_spawn leaves the C library's own two signals ignored and signal(2) won't touch those.
  static const unsigned char default_action[64];
  for (int number = 1; number < NSIG; number++) {
    bare_call(SYS_rt_sigaction, number, (long)default_action, 0, sizeof(unsigned long));
  }
  if (chdir(directory) != 0) die("cannot enter %s: %s", directory, strerror(errno));
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) die("cannot become the reaper of orphans: %s", strerror(errno));
}

void lock_directory(void) {
  lock = open("spawn.pid", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) die("cannot open spawn.pid: %s", strerror(errno));
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) die("another supervisor serves this directory (see spawn.pid)");
}

void write_pid(void) {
  char text[32];
  int length = snprintf(text, sizeof text, "%d\n", (int)getpid());
  if (ftruncate(lock, 0) != 0 || pwrite(lock, text, (size_t)length, 0) != length) note("cannot write spawn.pid");
}

int listen_for_agents(void) {
  // Relative, as DIR may be longer than a socket's address can be.
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "spawn.sock"};
  unlink(address.sun_path);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  mode_t before = umask(0177);
  bool bound = listener >= 0 && bind(listener, (struct sockaddr *)&address, sizeof address) == 0;
  umask(before);
  if (!bound || listen(listener, 16) != 0) die("cannot listen as spawn.sock: %s", strerror(errno));
  return listener;
}

void become_daemon(void) {
  if (pipe2(ready, O_CLOEXEC) != 0) die("pipe: %s", strerror(errno));
  pid_t child = fork();
  if (child < 0) die("fork: %s", strerror(errno));
  if (child > 0) {
    char byte;
    close(ready[1]);
    _exit(read(ready[0], &byte, 1) == 1 ? 0 : 1);
  }
  close(ready[0]);
  setsid();
  int log = open("spawn.log", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (log < 0 || nothing < 0) die("cannot open spawn.log: %s", strerror(errno));
  if (dup2(nothing, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) die("dup2: %s", strerror(errno));
  close(nothing);
  close(log);
}

void report_ready(void) {
  ssize_t ignored = write(ready[1], "", 1);
  (void)ignored;
  close(ready[1]);
}
