#include "exits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "protocol.h"

#define NAME "exits"
#define NEW_NAME "exits.new"
#define HEADER_SIZE 12
#define COMPACT_AT (1u << 20)

static int file = -1;
static off_t size;
static off_t size_when_compacted;
static struct buffer waiting;
static bool failing;

static uint32_t crc32_of(const unsigned char *bytes, size_t count) {
  static uint32_t table[256];
  if (table[1] == 0) {
    for (uint32_t i = 0; i < 256; i++) {
      uint32_t value = i;
      for (int bit = 0; bit < 8; bit++) value = (value >> 1) ^ (value & 1 ? 0xEDB88320u : 0);
      table[i] = value;
    }
  }
  uint32_t crc = ~0u;
  for (size_t i = 0; i < count; i++) crc = (crc >> 8) ^ table[(crc ^ bytes[i]) & 0xFF];
  return ~crc;
}

static void put_header(struct buffer *b) {
  put_bytes(b, "REEVEXIT", 8);
  put_u32(b, PROTOCOL_VERSION);
}

/// Gives whole records to `visit` and says where the last of them ends.
static size_t visit_records(const struct buffer *b, record_visitor visit) {
  size_t at = HEADER_SIZE;
  while (b->length - at >= 9) {
    struct reader head = {b->bytes + at, b->bytes + b->length, false};
    uint32_t length = take_u32(&head), crc = take_u32(&head);
    if (length == 0 || length > FRAME_MAX || length > b->length - at - 8) break;
    if (crc32_of(head.at, length) != crc) break;
    visit(head.at[0], head.at + 1, length - 1);
    at += 8 + length;
  }
  return at;
}

static void read_all(struct buffer *b) {
  for (;;) {
    buffer_reserve(b, 1 << 16);
    ssize_t count = read(file, b->bytes + b->length, b->capacity - b->length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) die("cannot read " NAME ": %s", strerror(errno));
    if (count == 0) return;
    b->length += (size_t)count;
  }
}

void exits_open(record_visitor visit) {
  file = open(NAME, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) die("cannot open " NAME ": %s", strerror(errno));
  struct buffer content = {0}, header = {0};
  read_all(&content);
  put_header(&header);
  if (content.length >= HEADER_SIZE) {
    if (memcmp(content.bytes, header.bytes, HEADER_SIZE) != 0) {
      die(NAME " is not a file of this version; move it away once its tasks need no report");
    }
    size = (off_t)visit_records(&content, visit);
  }
  if (size < (off_t)content.length) {
    note(NAME ": a torn tail of %zu bytes was cut", content.length - (size_t)size);
    if (ftruncate(file, size) != 0) die("cannot cut " NAME ": %s", strerror(errno));
  }
  if (size == 0) {
    put_bytes(&waiting, header.bytes, HEADER_SIZE);
    exits_flush();
  }
  free(content.bytes);
  free(header.bytes);
}

void exits_append(uint8_t kind, const void *body, size_t length) {
  size_t begin = waiting.length;
  put_u32(&waiting, (uint32_t)length + 1);
  put_u32(&waiting, 0);
  put_u8(&waiting, kind);
  put_bytes(&waiting, body, length);
  uint32_t crc = crc32_of(waiting.bytes + begin + 8, length + 1);
  for (size_t i = 0; i < 4; i++) waiting.bytes[begin + 4 + i] = (unsigned char)(crc >> (8 * i));
}

static bool write_all(int to, const struct buffer *b) {
  size_t done = 0;
  while (done < b->length) {
    ssize_t count = write(to, b->bytes + done, b->length - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    done += (size_t)count;
  }
  return true;
}

bool exits_unwritten(void) { return waiting.length != 0; }

void exits_flush(void) {
  if (waiting.length == 0) return;
  if (write_all(file, &waiting)) {
    size += (off_t)waiting.length;
    waiting.length = 0;
    if (failing) note(NAME " is written again");
    failing = false;
    return;
  }
  if (!failing) note("cannot write " NAME ": %s; ends are kept in memory until it can", strerror(errno));
  failing = true;
  // Half a record must not stand between whole ones.
  if (ftruncate(file, size) != 0) note("cannot cut " NAME ": %s", strerror(errno));
}

bool exits_should_compact(void) {
  // Twice what the last compaction left: a file of live records only is not written again and again.
  return size > COMPACT_AT && size > 2 * size_when_compacted;
}

void exits_compact(void (*put_live)(void)) {
  exits_flush();
  if (failing) return;
  put_header(&waiting);
  put_live();
  int fresh = open(NEW_NAME, O_RDWR | O_APPEND | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool done = fresh >= 0 && write_all(fresh, &waiting) && rename(NEW_NAME, NAME) == 0;
  size_when_compacted = done ? (off_t)waiting.length : size;
  waiting.length = 0;
  if (!done) {
    note("cannot write " NEW_NAME ": %s; " NAME " goes on growing", strerror(errno));
    if (fresh >= 0) close(fresh);
    return;
  }
  close(file);
  file = fresh;
  size = size_when_compacted;
}
