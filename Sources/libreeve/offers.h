// The offers that can be accepted, as far as the caller has been told.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reeve/v1/framework_session.pb-c.h"

struct offer {
  uint64_t id;
  uint32_t key;
  uint64_t accept;  // the request that it is used by and that has no reply yet; 0: it is open
};

struct offer_book {
  struct offer *offers;
  size_t count, capacity;
};

void offers_add(struct offer_book *, const Reeve__V1__Offers *);
/// An open one; NULL: it was used, declined or rescinded, or has never been made. Lives until the book changes.
struct offer *offers_find_open(const struct offer_book *, uint64_t id);
/// Whatever it was.
void offers_remove(struct offer_book *, uint64_t id);
/// An accept was answered: its offers are used up, or open again if it was refused.
void offers_settle(struct offer_book *, uint64_t accept, bool is_refused);
