// reeve-spawn: the parent of a node's tasks. It outlives the agent, so that an agent can crash or be upgraded without
// harming a task, and keeps every end until the agent has acknowledged it. protocol.h says how they talk.
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "agent.h"
#include "daemon.h"
#include "exits.h"
#include "launch.h"
#include "log.h"
#include "tasks.h"

#define TERM_GRACE_MS 5000

static struct {
  const char *directory;
  uint64_t linger_ms;
  bool foreground, fork_plainly;
} options = {.linger_ms = 10000};

static int poll_set, signals, timer, listener;
static uint64_t idle_since_ms, armed_for_ms = UINT64_MAX;

static void usage(FILE *to) {
  fputs(
      "usage: reeve-spawn --directory DIR [--linger SECONDS] [--foreground] [--fork]\n"
      "  --directory DIR   the node's directory: spawn.sock, spawn.pid, spawn.log and exits are kept there\n"
      "  --linger SECONDS  exit after so long without agent or task (10); ends stay on disk\n"
      "  --foreground      stay in the foreground, log to standard error\n"
      "  --fork            start tasks with fork(2), slower; for memory checkers\n",
      to);
}

static void parse(int count, char **arguments) {
  static const struct option known[] = {
      {"directory", required_argument, NULL, 'd'}, {"linger", required_argument, NULL, 'l'},
      {"foreground", no_argument, NULL, 'f'},      {"fork", no_argument, NULL, 'F'},
      {"help", no_argument, NULL, 'h'},            {NULL, 0, NULL, 0},
  };
  for (int option; (option = getopt_long(count, arguments, "", known, NULL)) != -1;) {
    char *end = NULL;
    switch (option) {
      case 'd': options.directory = optarg; break;
      case 'l':
        options.linger_ms = strtoull(optarg, &end, 10) * 1000;
        if (*end == 0 && end != optarg) break;
        usage(stderr);
        exit(2);
      case 'f': options.foreground = true; break;
      case 'F': options.fork_plainly = true; break;
      case 'h': usage(stdout); exit(0);
      default: usage(stderr); exit(2);
    }
  }
  if (options.directory == NULL || optind != count) {
    usage(stderr);
    exit(2);
  }
}

static void watch(int file) {
  struct epoll_event interest = {.events = EPOLLIN, .data.fd = file};
  if (file < 0 || epoll_ctl(poll_set, EPOLL_CTL_ADD, file, &interest) != 0) die("epoll: %s", strerror(errno));
}

static void start(void) {
  settle_in(options.directory);
  lock_directory();
  if (!options.foreground) become_daemon();
  write_pid();
  tasks_load();
  launch_prepare(options.fork_plainly);
  sigset_t handled;
  sigemptyset(&handled);
  sigaddset(&handled, SIGCHLD);
  sigaddset(&handled, SIGTERM);
  sigprocmask(SIG_SETMASK, &handled, NULL);
  poll_set = epoll_create1(EPOLL_CLOEXEC);
  watch(signals = signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK));
  watch(timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
  watch(listener = listen_for_agents());
  if (!options.foreground) report_ready();
  idle_since_ms = boot_ms();
  note("started");
}

static void take_signals(void) {
  struct signalfd_siginfo found[16];
  ssize_t count = read(signals, found, sizeof found);
  for (ssize_t i = 0; i < count / (ssize_t)sizeof found[0]; i++) {
    if (found[i].ssi_signo == SIGTERM) tasks_shut_down(TERM_GRACE_MS);
  }
  tasks_reap(&agent_out);
}

static void take_timer(void) {
  uint64_t expirations;
  ssize_t ignored = read(timer, &expirations, sizeof expirations);
  (void)ignored;
  armed_for_ms = UINT64_MAX;
}

static uint64_t linger_end(void) {
  // Ends that nobody has acknowledged are on disk: they need no process to keep them.
  if (agent_connected() || !tasks_none_running() || exits_unwritten()) idle_since_ms = UINT64_MAX;
  else if (idle_since_ms == UINT64_MAX) idle_since_ms = boot_ms();
  return idle_since_ms == UINT64_MAX ? UINT64_MAX : idle_since_ms + options.linger_ms;
}

static void arm(uint64_t at_ms) {
  // A timer that rings early does no harm, and setting it in every turn costs a call.
  if (at_ms >= armed_for_ms) return;
  armed_for_ms = at_ms;
  struct itimerspec when = {.it_value = {(time_t)(at_ms / 1000), (long)(at_ms % 1000) * 1000000 + 1}};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

/// One turn: what has happened, what was asked, what is due; then disk, then the agent. True: nothing is left to do.
static bool turn(void) {
  struct epoll_event events[8];
  int count = epoll_wait(poll_set, events, 8, agent_has_more() ? 0 : -1);
  bool readable = false, connecting = false;
  for (int i = 0; i < count; i++) {
    int file = events[i].data.fd;
    if (file == signals) take_signals();
    else if (file == timer) take_timer();
    else if (file == listener) connecting = true;
    else readable |= (events[i].events & ~(uint32_t)EPOLLOUT) != 0;
  }
  agent_receive(readable);
  if (connecting) agent_accept(poll_set, listener);
  tasks_carry_out_orders(&agent_out);
  tasks_tick(&agent_out);
  exits_flush();
  uint64_t unsaid = agent_send(poll_set);

  if (tasks_shutting_down() && tasks_none_running()) return true;
  uint64_t end = linger_end(), tick = tasks_next_tick();
  if (end <= boot_ms()) return true;
  if (unsaid < tick) tick = unsaid;
  arm(end < tick ? end : tick);
  return false;
}

int main(int count, char **arguments) {
  parse(count, arguments);
  start();
  while (!turn()) continue;
  unlink("spawn.sock");
  note("ended");
  return 0;
}
