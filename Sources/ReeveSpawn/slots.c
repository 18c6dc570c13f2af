#include "slots.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol.h"

#define BUCKETS 1024u
#define IDLE_MAX 128

static struct slot *buckets[BUCKETS];
static struct slot *newest, *oldest;  // idle ones
static int idle;

static struct slot **bucket_of(const char *path) {
  uint32_t hash = 2166136261u;
  for (const char *c = path; *c != 0; c++) hash = (hash ^ (unsigned char)*c) * 16777619u;
  return &buckets[hash % BUCKETS];
}

static void idle_remove(struct slot *slot) {
  *(slot->newer != NULL ? &slot->newer->older : &newest) = slot->older;
  *(slot->older != NULL ? &slot->older->newer : &oldest) = slot->newer;
  slot->newer = slot->older = NULL;
  idle--;
}

static void idle_add(struct slot *slot) {
  slot->older = newest;
  *(newest != NULL ? &newest->newer : &oldest) = slot;
  newest = slot;
  idle++;
}

static void slot_free(struct slot *slot) {
  struct slot **link = bucket_of(slot->path);
  while (*link != NULL && *link != slot) link = &(*link)->next;
  if (*link == slot) *link = slot->next;
  if (slot->work >= 0) close(slot->work);
  if (slot->output >= 0) close(slot->output);
  if (slot->error >= 0) close(slot->error);
  free(slot->path);
  free(slot);
}

static bool drop_oldest(void) {
  if (oldest == NULL) return false;
  struct slot *slot = oldest;
  idle_remove(slot);
  slot_free(slot);
  return true;
}

/// Opens, giving up idle slots as long as descriptors run out.
static int open_somehow(int at, const char *path, int flags) {
  for (;;) {
    int file = openat(at, path, flags | O_CLOEXEC, 0644);
    if (file >= 0 || (errno != EMFILE && errno != ENFILE)) return file;
    if (!drop_oldest()) {
      errno = EMFILE;
      return -1;
    }
  }
}

static int slot_open(struct slot *slot, uint8_t *step) {
  char path[PATH_BYTES_MAX + 16];
  snprintf(path, sizeof path, "%s/work", slot->path);
  *step = STEP_SLOT;
  if (mkdir(slot->path, 0755) != 0 && errno != EEXIST) return errno;
  *step = STEP_DIRECTORY;
  if (mkdir(path, 0755) != 0 && errno != EEXIST) return errno;
  slot->work = open_somehow(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
  if (slot->work < 0) return errno;
  *step = STEP_SLOT;
  slot->output = open_somehow(slot->work, "../stdout", O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW);
  if (slot->output < 0) return errno;
  slot->error = open_somehow(slot->work, "../stderr", O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW);
  return slot->error < 0 ? errno : 0;
}

/// Remembers when the work directory was last changed, and sees to it that the next change will show: on kernels with
/// coarse file times two changes within one tick of some milliseconds look alike, so a fresh time is set back.
static void remember_modified(struct slot *slot, const struct stat *found) {
  slot->modified = found->st_mtim;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (now.tv_sec > found->st_mtim.tv_sec + 1) return;
  struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = now.tv_sec - 60}};
  struct stat again;
  if (futimens(slot->work, times) == 0 && fstat(slot->work, &again) == 0) slot->modified = again.st_mtim;
}

static struct slot *slot_find(const char *path) {
  struct slot *slot = *bucket_of(path);
  while (slot != NULL && strcmp(slot->path, path) != 0) slot = slot->next;
  return slot;
}

static struct slot *slot_make(const char *path, int *error, uint8_t *step) {
  struct slot *slot = must_allocate(sizeof *slot);
  slot->path = strdup(path);
  if (slot->path == NULL) abort();
  slot->work = slot->output = slot->error = -1;
  *error = slot_open(slot, step);
  struct stat found;
  if (*error == 0 && fstat(slot->work, &found) != 0) *error = errno;
  if (*error != 0) {
    slot_free(slot);
    return NULL;
  }
  slot->device = found.st_dev;
  slot->inode = found.st_ino;
  remember_modified(slot, &found);
  struct slot **bucket = bucket_of(path);
  slot->next = *bucket;
  *bucket = slot;
  return slot;
}

struct slot *slot_take(struct text path, int *error, uint8_t *step) {
  char name[PATH_BYTES_MAX + 1], work[PATH_BYTES_MAX + 16];
  memcpy(name, path.bytes, path.length);
  name[path.length] = 0;
  struct slot *slot = slot_find(name);
  if (slot != NULL && slot->used) {
    *error = EBUSY;
    *step = STEP_SLOT;
    return NULL;
  }
  if (slot != NULL) {
    idle_remove(slot);
    snprintf(work, sizeof work, "%s/work", name);
    struct stat found;
    if (stat(work, &found) == 0 && found.st_dev == slot->device && found.st_ino == slot->inode) {
      remember_modified(slot, &found);
    } else {
      slot_free(slot);
      slot = NULL;
    }
  }
  if (slot == NULL) slot = slot_make(name, error, step);
  if (slot != NULL) slot->used = true;
  return slot;
}

struct slot_use slot_look(const struct slot *slot) {
  struct slot_use use = {0};
  struct stat found;
  if (fstat(slot->output, &found) == 0) use.stdout_size = (uint64_t)found.st_size;
  if (fstat(slot->error, &found) == 0) use.stderr_size = (uint64_t)found.st_size;
  use.touched = fstat(slot->work, &found) != 0 || found.st_mtim.tv_sec != slot->modified.tv_sec
                || found.st_mtim.tv_nsec != slot->modified.tv_nsec;
  return use;
}

void slot_release(struct slot *slot, bool clean) {
  slot->used = false;
  if (!clean) {
    slot_free(slot);
    return;
  }
  idle_add(slot);
  if (idle > IDLE_MAX) drop_oldest();
}
