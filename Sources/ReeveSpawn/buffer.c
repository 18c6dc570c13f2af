#include "buffer.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"

void *must_allocate(size_t size) {
  void *memory = calloc(1, size);
  if (memory == NULL) die("out of memory");
  return memory;
}

void buffer_reserve(struct buffer *b, size_t more) {
  if (b->length + more <= b->capacity) return;
  size_t capacity = b->capacity == 0 ? 4096 : b->capacity;
  while (capacity < b->length + more) capacity *= 2;
  b->bytes = realloc(b->bytes, capacity);
  if (b->bytes == NULL) die("out of memory");
  b->capacity = capacity;
}

void buffer_consume(struct buffer *b, size_t count) {
  if (count == 0) return;
  b->length -= count;
  memmove(b->bytes, b->bytes + count, b->length);
}

void put_bytes(struct buffer *b, const void *bytes, size_t count) {
  if (count == 0) return;
  buffer_reserve(b, count);
  memcpy(b->bytes + b->length, bytes, count);
  b->length += count;
}

static void put_number(struct buffer *b, uint64_t value, size_t width) {
  unsigned char bytes[8];
  for (size_t i = 0; i < width; i++) bytes[i] = (unsigned char)(value >> (8 * i));
  put_bytes(b, bytes, width);
}

void put_u8(struct buffer *b, uint8_t value) { put_number(b, value, 1); }
void put_u32(struct buffer *b, uint32_t value) { put_number(b, value, 4); }
void put_u64(struct buffer *b, uint64_t value) { put_number(b, value, 8); }

void put_string(struct buffer *b, const void *bytes, size_t count) {
  put_u32(b, (uint32_t)count);
  put_bytes(b, bytes, count);
}

size_t frame_begin(struct buffer *b, uint8_t kind) {
  size_t begin = b->length;
  put_u32(b, 0);
  put_u8(b, kind);
  return begin;
}

void frame_end(struct buffer *b, size_t begin) {
  uint32_t length = (uint32_t)(b->length - begin - 4);
  for (size_t i = 0; i < 4; i++) b->bytes[begin + i] = (unsigned char)(length >> (8 * i));
}

static uint64_t take_number(struct reader *r, size_t width) {
  if (r->bad || (size_t)(r->end - r->at) < width) {
    r->bad = true;
    return 0;
  }
  uint64_t value = 0;
  for (size_t i = 0; i < width; i++) value |= (uint64_t)r->at[i] << (8 * i);
  r->at += width;
  return value;
}

uint8_t take_u8(struct reader *r) { return (uint8_t)take_number(r, 1); }
uint32_t take_u32(struct reader *r) { return (uint32_t)take_number(r, 4); }
uint64_t take_u64(struct reader *r) { return take_number(r, 8); }

struct text take_string(struct reader *r, uint32_t limit) {
  uint32_t length = take_u32(r);
  if (r->bad || length > limit || (size_t)(r->end - r->at) < length) {
    r->bad = true;
    return (struct text){r->at, 0};
  }
  struct text text = {r->at, length};
  r->at += length;
  return text;
}

struct text take_name(struct reader *r, uint32_t limit) {
  struct text text = take_string(r, limit);
  if (text.length > 0 && memchr(text.bytes, 0, text.length) != NULL) r->bad = true;
  return text;
}
