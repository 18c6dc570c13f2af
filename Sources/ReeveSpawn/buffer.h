// Bytes that grow, and the little-endian coding of frames and records on top of them.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
  unsigned char *bytes;
  size_t length, capacity;
};

/// Memory or death: a supervisor that cannot note an end is of no use to its tasks.
void *must_allocate(size_t size);

void buffer_reserve(struct buffer *b, size_t more);
void buffer_consume(struct buffer *b, size_t count);
void put_bytes(struct buffer *b, const void *bytes, size_t count);
void put_u8(struct buffer *b, uint8_t value);
void put_u32(struct buffer *b, uint32_t value);
void put_u64(struct buffer *b, uint64_t value);
void put_string(struct buffer *b, const void *bytes, size_t count);

/// Starts a frame; what it returns goes to `frame_end` once the body has been put.
size_t frame_begin(struct buffer *b, uint8_t kind);
void frame_end(struct buffer *b, size_t begin);

/// Takes values off received bytes. Past the end, or over a limit, it turns `bad` and gives zeros.
struct reader {
  const unsigned char *at, *end;
  bool bad;
};

struct text {
  const unsigned char *bytes;
  uint32_t length;
};

uint8_t take_u8(struct reader *r);
uint32_t take_u32(struct reader *r);
uint64_t take_u64(struct reader *r);
struct text take_string(struct reader *r, uint32_t limit);
/// A string that will be handed to the kernel: a NUL inside makes the reader bad.
struct text take_name(struct reader *r, uint32_t limit);
