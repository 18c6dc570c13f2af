#include "offers.h"

#include <grpc/support/alloc.h>

void offers_add(struct offer_book *book, const Reeve__V1__Offers *offers) {
  size_t wanted = book->count + offers->n_offers;
  if (wanted > book->capacity) {
    book->capacity = 2 * wanted;
    book->offers = gpr_realloc(book->offers, book->capacity * sizeof *book->offers);
  }
  for (size_t i = 0; i < offers->n_offers; i++) {
    book->offers[book->count++] = (struct open_offer){.id = offers->offers[i]->id, .key = offers->offers[i]->key};
  }
}

const struct open_offer *offers_find(const struct offer_book *book, uint64_t id) {
  // The newest first: those are mostly meant.
  for (size_t i = book->count; i > 0; i--) {
    if (book->offers[i - 1].id == id) return &book->offers[i - 1];
  }
  return NULL;
}

bool offers_remove(struct offer_book *book, uint64_t id) {
  const struct open_offer *offer = offers_find(book, id);
  if (offer == NULL) return false;
  book->offers[offer - book->offers] = book->offers[--book->count];
  return true;
}
