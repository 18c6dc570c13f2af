// Where a cluster's masters are, and its secret: found as the command line finds them.
#pragma once

#include <stddef.h>

struct cluster {
  char **addresses;  // HOST:PORT, as gRPC takes them
  size_t address_count;
  char *authorization;  // the value of the header of that name
};

/// Fills in `cluster`. The arguments are those of `struct reeve_options`, may be NULL.
/// Returns 0 or a negative `enum reeve_status`; `why` is then a sentence, and there is nothing to be freed.
int cluster_find(struct cluster *cluster, const char *addresses, const char *token_file, char *why, size_t why_size);
void cluster_free(struct cluster *);
