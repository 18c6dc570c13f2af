// One point of the sweep: `logistic DIRECTORY POINT POINTS STEPS SECONDS` writes DIRECTORY/points/POINT, and then its number into
// DIRECTORY/runs, where each point is to be found once.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "logistic.h"

static int complain(const char *path) {
  fprintf(stderr, "logistic: \"%s\": %s\n", path, strerror(errno));
  return 1;
}

int main(int count, char **arguments) {
  if (count != 6) {
    fputs("usage: logistic DIRECTORY POINT POINTS STEPS SECONDS\n", stderr);
    return 2;
  }
  int point = atoi(arguments[2]);
  char text[128], path[4096], partial[4096];
  print_orbit(text, sizeof text, follow(r_of_point(point, atoi(arguments[3])), atol(arguments[4])));
  usleep((unsigned)(atof(arguments[5]) * 1e6));

  // A task that is killed in the middle leaves no half of a result.
  snprintf(path, sizeof path, "%s/points/%d", arguments[1], point);
  snprintf(partial, sizeof partial, "%s/points/%d.%d", arguments[1], point, (int)getpid());
  FILE *file = fopen(partial, "w");
  if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0 || rename(partial, path) != 0) return complain(path);

  snprintf(path, sizeof path, "%s/runs", arguments[1]);
  int runs = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
  int length = snprintf(text, sizeof text, "%d\n", point);
  return runs >= 0 && write(runs, text, (size_t)length) == length ? 0 : complain(path);
}
