// The offers that can be accepted, as far as the caller has been told.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reeve/v1/framework_session.pb-c.h"

struct open_offer {
  uint64_t id;
  uint32_t key;
};

struct offer_book {
  struct open_offer *offers;
  size_t count, capacity;
};

void offers_add(struct offer_book *, const Reeve__V1__Offers *);
/// NULL: it was used, declined or rescinded, or has never been made. Lives until the book changes.
const struct open_offer *offers_find(const struct offer_book *, uint64_t id);
/// Returns whether there was one.
bool offers_remove(struct offer_book *, uint64_t id);
