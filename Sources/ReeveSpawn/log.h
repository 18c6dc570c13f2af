// Lines for DIR/spawn.log, and the two clocks.
#pragma once

#include <stdint.h>

void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/// For deadlines; never set back.
uint64_t boot_ms(void);
/// For show.
uint64_t wall_us(void);
