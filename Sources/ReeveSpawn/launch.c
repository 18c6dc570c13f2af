#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "protocol.h"
#include "system.h"

#define STACK_SIZE (16u << 10)
#define BLOCK_SIZE (64u << 10)
#define LAUNCHING_MAX 64
#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

/// What a child needs until it is another program: a stack and everything for execve. The memory is shared, so that
/// `error` is seen by the supervisor however the child was made.
struct launch {
  struct launch *next;    // of those on their way, or of the spare ones
  struct launch **owner;  // the task's pointer here; NULL once the task is done with it
  size_t size;
  pid_t on_its_way;       // cleared by the kernel when the child has left this memory
  bool collected;         // it is not in the list of those on their way any more
  int error;
  uint8_t step;
  int work, output, stderr_file;
  const char *program;
  char **arguments, **environment;
  char *strings;
};

static struct launch *spare, *under_way;
static int launching;
static int null_file;
static bool plainly;
static struct rlimit files_limit;

void launch_prepare(bool fork_plainly) {
  plainly = fork_plainly;
  null_file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null_file < 0) die("cannot open /dev/null: %s", strerror(errno));
  if (getrlimit(RLIMIT_NOFILE, &files_limit) != 0) die("getrlimit: %s", strerror(errno));
  struct rlimit raised = {files_limit.rlim_max, files_limit.rlim_max};
  if (setrlimit(RLIMIT_NOFILE, &raised) != 0) note("cannot raise the limit of open files: %s", strerror(errno));
}

static void block_return(struct launch *l) {
  if (l->size > BLOCK_SIZE) {
    munmap(l, l->size);
    return;
  }
  l->next = spare;
  spare = l;
}

static bool has_left(struct launch *l) { return __atomic_load_n(&l->on_its_way, __ATOMIC_ACQUIRE) == 0; }

/// Takes back the memory of children that have left it. A block with an error stays with its task.
static void collect(void) {
  struct launch **link = &under_way;
  while (*link != NULL) {
    struct launch *l = *link;
    if (!has_left(l)) {
      link = &l->next;
      continue;
    }
    *link = l->next;
    launching--;
    l->collected = true;
    if (l->owner != NULL && l->error != 0) continue;
    if (l->owner != NULL) *l->owner = NULL;
    block_return(l);
  }
}

static struct launch *block_take(size_t size) {
  collect();
  // Starting everything at once helps nobody; wait for one of them, though not for ever.
  for (int tries = 0; launching >= LAUNCHING_MAX && tries < 20; tries++) {
    struct timespec patience = {.tv_nsec = 5000000};
    pid_t seen = __atomic_load_n(&under_way->on_its_way, __ATOMIC_ACQUIRE);
    if (seen != 0) syscall(SYS_futex, &under_way->on_its_way, FUTEX_WAIT, seen, &patience, NULL, 0);
    collect();
  }
  if (size <= BLOCK_SIZE && spare != NULL) {
    struct launch *l = spare;
    spare = l->next;
    memset(l, 0, sizeof *l);
    l->size = BLOCK_SIZE;
    return l;
  }
  size = size <= BLOCK_SIZE ? BLOCK_SIZE : (size + 4095) & ~(size_t)4095;
  struct launch *l = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (l == MAP_FAILED) return NULL;
  l->size = size;
  return l;
}

static char **copy_strings(struct launch *l, struct reader items, uint32_t count, char **array) {
  for (uint32_t i = 0; i < count; i++) {
    struct text text = take_name(&items, FRAME_MAX);
    array[i] = l->strings;
    memcpy(l->strings, text.bytes, text.length);
    l->strings[text.length] = 0;
    l->strings += text.length + 1;
  }
  array[count] = NULL;
  return array + count + 1;
}

static const char *path_of(char *const *environment) {
  for (; *environment != NULL; environment++) {
    if (strncmp(*environment, "PATH=", 5) == 0) return *environment + 5;
  }
  return DEFAULT_PATH;
}

/// Looks the program up as a shell would, from the task's directory and with the task's PATH.
static int find_program(struct launch *l) {
  const char *name = l->arguments[0];
  int error = ENOENT;
  if (*name == 0) return ENOENT;
  if (strchr(name, '/') != NULL) {
    l->program = name;
    return faccessat(l->work, name, X_OK, 0) == 0 ? 0 : errno;
  }
  const char *entry = path_of(l->environment);
  for (;;) {
    size_t length = strcspn(entry, ":");
    struct stat found;
    if (length + strlen(name) + 2 <= PATH_BYTES_MAX) {
      int written = snprintf(l->strings, PATH_BYTES_MAX, "%.*s%s%s", (int)length, entry, length > 0 ? "/" : "", name);
      if (written > 0 && faccessat(l->work, l->strings, X_OK, 0) == 0) {
        if (fstatat(l->work, l->strings, &found, 0) == 0 && S_ISREG(found.st_mode)) {
          l->program = l->strings;
          return 0;
        }
        error = EACCES;
      } else if (errno == EACCES) {
        error = EACCES;
      }
    }
    if (entry[length] == 0) return error;
    entry += length + 1;
  }
}

static void child_fail(struct launch *l, long result, uint8_t step) {
  if (result >= 0) return;
  l->step = step;
  __atomic_store_n(&l->error, (int)-result, __ATOMIC_RELEASE);
  for (;;) bare_call(SYS_exit_group, 127, 0, 0, 0);
}

/// The child, until it is another program. No C library here: see system.h.
static int child_run(void *pointer) {
  struct launch *l = pointer;
  unsigned long no_signals = 0;
  child_fail(l, bare_call(SYS_setsid, 0, 0, 0, 0), STEP_FORK);
  child_fail(l, bare_call(SYS_dup3, null_file, 0, 0, 0), STEP_EXEC);
  child_fail(l, bare_call(SYS_dup3, l->output, 1, 0, 0), STEP_EXEC);
  child_fail(l, bare_call(SYS_dup3, l->stderr_file, 2, 0, 0), STEP_EXEC);
  child_fail(l, bare_call(SYS_fchdir, l->work, 0, 0, 0), STEP_DIRECTORY);
  bare_call(SYS_prlimit64, 0, RLIMIT_NOFILE, (long)&files_limit, 0);
  bare_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&no_signals, 0, sizeof no_signals);
  child_fail(l, bare_call(SYS_execve, (long)l->program, (long)l->arguments, (long)l->environment, 0), STEP_EXEC);
  return 127;
}

static pid_t child_make(struct launch *l) {
  if (plainly) {
    pid_t pid = fork();
    if (pid == 0) child_run(l);
    if (pid > 0) __atomic_store_n(&l->on_its_way, pid, __ATOMIC_RELEASE);
    return pid;
  }
  int flags = CLONE_VM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD;
  return clone(child_run, (char *)l + l->size, flags, l, &l->on_its_way, NULL, &l->on_its_way);
}

static struct launch_result failed(int error, uint8_t step, struct launch *l) {
  if (l != NULL) block_return(l);
  return (struct launch_result){.error = error, .step = step};
}

struct launch_result launch(const struct command *command, int work, int output, int error, struct launch **owner) {
  size_t pointers = ((size_t)command->argument_count + command->environment_count + 2) * sizeof(char *);
  size_t size = sizeof(struct launch) + pointers + command->bytes + PATH_BYTES_MAX + STACK_SIZE;
  struct launch *l = block_take(size);
  if (l == NULL) return failed(errno, STEP_FORK, NULL);
  l->work = work;
  l->output = output;
  l->stderr_file = error;
  l->arguments = (char **)(l + 1);
  l->strings = (char *)l->arguments + pointers;
  l->environment = copy_strings(l, command->arguments, command->argument_count, l->arguments);
  copy_strings(l, command->environment, command->environment_count, l->environment);
  int missing = find_program(l);
  if (missing != 0) return failed(missing, STEP_EXEC, l);
  pid_t pid = child_make(l);
  if (pid < 0) return failed(errno, STEP_FORK, l);
  l->owner = owner;
  *owner = l;
  l->next = under_way;
  under_way = l;
  launching++;
  return (struct launch_result){.pid = pid};
}

int launch_finish(struct launch *l, uint8_t *step) {
  int error = l->error;
  *step = l->step;
  l->owner = NULL;
  // Reaped is left, whether or not the kernel had an address to clear.
  __atomic_store_n(&l->on_its_way, 0, __ATOMIC_RELEASE);
  if (l->collected) block_return(l);
  return error;
}
