#include <stdio.h>
#include <string.h>

#include "tests.h"

static int passed;
static const char *only;

void run_test(const char *name, void (*test)(void)) {
  if (only != NULL && strstr(name, only) == NULL) return;
  printf("%s\n", name);
  fflush(stdout);
  test();
  passed++;
}

// A test that fails ends all. An argument is part of the names of those to be run.
int main(int count, char **arguments) {
  only = count > 1 ? arguments[1] : NULL;
  run_request_tests();
  run_stream_tests();
  run_nonsense_tests();
  printf("%d passed, 0 failed\n", passed);
  return passed == 0;
}
