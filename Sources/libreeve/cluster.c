#define _GNU_SOURCE
#include "cluster.h"

#include <errno.h>
#include <fcntl.h>
#include <grpc/support/alloc.h>
#include <grpc/support/string_util.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reeve.h"

#define FILE_BYTES_MAX 4096
// Shorter is an accident, not a secret: those that masters make have 64.
#define TOKEN_BYTES_MIN 16

/// A variable of this process; an empty one counts as unset.
static const char *variable(const char *name) {
  const char *value = getenv(name);
  return value == NULL || *value == 0 ? NULL : value;
}

static char *path_in_data_directory(const char *name) {
  char *path = NULL;
  const char *base;
  if ((base = variable("REEVE_DATA")) != NULL) {
    gpr_asprintf(&path, "%s/%s", base, name);
  } else if ((base = variable("XDG_STATE_HOME")) != NULL) {
    gpr_asprintf(&path, "%s/reeve/%s", base, name);
  } else {
    base = variable("HOME");
    gpr_asprintf(&path, "%s/.local/state/reeve/%s", base == NULL ? "" : base, name);
  }
  return path;
}

/// The file's text without white space around it, for `gpr_free`; NULL: `errno` says why.
static char *read_text(const char *path, struct stat *status) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return NULL;
  char bytes[FILE_BYTES_MAX + 1];
  ssize_t count = fstat(file, status) == 0 ? read(file, bytes, FILE_BYTES_MAX) : -1;
  int error = errno;
  close(file);
  errno = error;
  if (count < 0) return NULL;
  bytes[count] = 0;
  char *begin = bytes + strspn(bytes, " \t\r\n");
  size_t length = strlen(begin);
  while (length > 0 && strchr(" \t\r\n", begin[length - 1]) != NULL) length--;
  begin[length] = 0;
  return gpr_strdup(begin);
}

static bool is_address(const char *text) {
  const char *colon = strrchr(text, ':');
  if (colon == NULL || colon == text || colon[1] == 0) return false;
  if (strspn(colon + 1, "0123456789") != strlen(colon + 1) || strlen(colon + 1) > 5) return false;
  return strtol(colon + 1, NULL, 10) <= 65535;
}

static int parse_addresses(struct cluster *cluster, const char *text, const char *field, char *why, size_t why_size) {
  char *copy = gpr_strdup(text), *rest = copy, *part;
  int result = 0;
  while (result == 0 && (part = strsep(&rest, ",")) != NULL) {
    part += strspn(part, " ");
    if (*part == 0) continue;
    if (!is_address(part)) {
      snprintf(why, why_size, "%s: \"%s\" is not HOST:PORT, such as 127.0.0.1:7070.", field, part);
      result = REEVE_INVALID;
      break;
    }
    size_t bytes = (cluster->address_count + 1) * sizeof *cluster->addresses;
    cluster->addresses = gpr_realloc(cluster->addresses, bytes);
    cluster->addresses[cluster->address_count++] = gpr_strdup(part);
  }
  gpr_free(copy);
  if (result == 0 && cluster->address_count == 0) {
    snprintf(why, why_size, "%s: no address in it: write HOST:PORT, or several with commas.", field);
    result = REEVE_INVALID;
  }
  return result;
}

static int find_addresses(struct cluster *cluster, const char *given, char *why, size_t why_size) {
  if (given != NULL) return parse_addresses(cluster, given, "addresses", why, why_size);
  const char *named = variable("REEVE_ADDRESS");
  if (named != NULL) return parse_addresses(cluster, named, "REEVE_ADDRESS", why, why_size);
  char *path = path_in_data_directory("address");
  struct stat status;
  char *text = read_text(path, &status);
  int result = REEVE_UNAVAILABLE;
  if (text == NULL) {
    snprintf(
        why, why_size,
        "No cluster was found: REEVE_ADDRESS is not set, and there is no \"%s\". Start one with `reeve up`, or set "
        "REEVE_ADDRESS and REEVE_TOKEN_FILE.",
        path);
  } else {
    result = parse_addresses(cluster, text, path, why, why_size);
  }
  gpr_free(text);
  gpr_free(path);
  return result;
}

/// Whether it can stand in a header. gRPC's core takes no other.
static bool is_printable(const char *text) {
  for (; *text != 0; text++) {
    if (*text <= 0x20 || *text >= 0x7f) return false;
  }
  return true;
}

/// Whether the token is one, and its readers are its owner's only.
static bool check_token(const char *path, const char *text, mode_t mode, char *why, size_t why_size) {
  if (text == NULL) {
    snprintf(
        why, why_size,
        "The token file \"%s\" cannot be read (%s). Set REEVE_TOKEN_FILE to the file `token` in the data directory of the "
        "cluster.",
        path, strerror(errno));
    return false;
  }
  if ((mode & 077) != 0) {
    snprintf(why, why_size, "The token file \"%s\" can be read by others. Run: chmod 600 %s", path, path);
    return false;
  }
  if (strlen(text) >= TOKEN_BYTES_MIN && is_printable(text)) return true;
  snprintf(why, why_size, "The token file \"%s\" holds no token.", path);
  return false;
}

static int find_token(struct cluster *cluster, const char *given, char *why, size_t why_size) {
  const char *named = given != NULL ? given : variable("REEVE_TOKEN_FILE");
  char *path = named != NULL ? gpr_strdup(named) : path_in_data_directory("token");
  struct stat status = {0};
  char *text = read_text(path, &status);
  bool good = check_token(path, text, status.st_mode, why, why_size);
  if (good) gpr_asprintf(&cluster->authorization, "Bearer %s", text);
  gpr_free(text);
  gpr_free(path);
  return good ? 0 : REEVE_DENIED;
}

int cluster_find(struct cluster *cluster, const char *addresses, const char *token_file, char *why, size_t why_size) {
  *cluster = (struct cluster){0};
  int result = find_addresses(cluster, addresses, why, why_size);
  if (result == 0) result = find_token(cluster, token_file, why, why_size);
  if (result != 0) cluster_free(cluster);
  return result;
}

void cluster_free(struct cluster *cluster) {
  for (size_t i = 0; i < cluster->address_count; i++) gpr_free(cluster->addresses[i]);
  gpr_free(cluster->addresses);
  gpr_free(cluster->authorization);
  *cluster = (struct cluster){0};
}
