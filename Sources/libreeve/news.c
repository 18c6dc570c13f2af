#include "news.h"

#include <grpc/support/alloc.h>

#include "incoming.h"

void news_push(struct news_queue *queue, struct news news) {
  struct news *item = gpr_malloc(sizeof *item);
  *item = news;
  item->next = NULL;
  if (queue->first == NULL) {
    queue->first = item;
  } else {
    queue->last->next = item;
  }
  queue->last = item;
  queue->bytes += item->bytes;
}

struct news *news_take(struct news_queue *queue) {
  struct news *first = queue->first;
  *queue = (struct news_queue){0};
  return first;
}

void news_free(struct news *news) {
  if (news->down != NULL) incoming_free(news->down);
  gpr_free(news->reason);
  gpr_free(news);
}
