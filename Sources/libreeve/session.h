// A handle.
#pragma once

#include "connection.h"
#include "offers.h"
#include "reeve.h"

struct reeve {
  struct connection connection;
  bool is_connected;  // the connection was started
  struct reeve_callbacks callbacks;
  void *context;
  char *framework, *user;
  struct offer_book offers;
  uint64_t serial;  // the last that was given
  uint64_t stream;  // of what was told last
  bool is_dispatching;
  char *failure;  // why the session is over; NULL: it is not
  char error[1024];
};

/// Notes what is wrong, as a sentence with field, value and what is right. Returns `status`.
int fail(reeve *, int status, const char *format, ...) __attribute__((format(printf, 3, 4)));
