#include "offers.h"

#include <grpc/support/alloc.h>

void offers_add(struct offer_book *book, const Reeve__V1__Offers *offers) {
  size_t wanted = book->count + offers->n_offers;
  if (wanted > book->capacity) {
    book->capacity = 2 * wanted;
    book->offers = gpr_realloc(book->offers, book->capacity * sizeof *book->offers);
  }
  for (size_t i = 0; i < offers->n_offers; i++) {
    book->offers[book->count++] = (struct offer){.id = offers->offers[i]->id, .key = offers->offers[i]->key};
  }
}

static struct offer *find(const struct offer_book *book, uint64_t id) {
  // The newest first: those are mostly meant.
  for (size_t i = book->count; i > 0; i--) {
    if (book->offers[i - 1].id == id) return &book->offers[i - 1];
  }
  return NULL;
}

struct offer *offers_find_open(const struct offer_book *book, uint64_t id) {
  struct offer *offer = find(book, id);
  return offer != NULL && offer->accept == 0 ? offer : NULL;
}

void offers_remove(struct offer_book *book, uint64_t id) {
  struct offer *offer = find(book, id);
  if (offer != NULL) *offer = book->offers[--book->count];
}

void offers_settle(struct offer_book *book, uint64_t accept, bool is_refused) {
  for (size_t i = book->count; i > 0; i--) {
    struct offer *offer = &book->offers[i - 1];
    if (offer->accept != accept) continue;
    if (is_refused) {
      offer->accept = 0;
    } else {
      *offer = book->offers[--book->count];
    }
  }
}
