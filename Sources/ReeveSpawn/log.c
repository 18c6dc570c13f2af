#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void line(const char *format, va_list arguments) {
  char text[1024];
  time_t now = time(NULL);
  struct tm parts;
  gmtime_r(&now, &parts);
  size_t used = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ ", &parts);
  int more = vsnprintf(text + used, sizeof text - used - 1, format, arguments);
  if (more > 0) used += (size_t)more < sizeof text - used - 1 ? (size_t)more : sizeof text - used - 2;
  text[used++] = '\n';
  // One write a line, so that lines are whole even if two processes write; a log that is full is no reason to stop.
  ssize_t ignored = write(STDERR_FILENO, text, used);
  (void)ignored;
}

void note(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  line(format, arguments);
  va_end(arguments);
}

void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  line(format, arguments);
  va_end(arguments);
  exit(1);
}

uint64_t boot_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t wall_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}
