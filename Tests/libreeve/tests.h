#pragma once

/// Runs one test and says so: the name of each is the sentence that it shows.
void run_test(const char *name, void (*test)(void));
#define RUN(test) run_test(#test, test)

void run_request_tests(void);
void run_stream_tests(void);
void run_nonsense_tests(void);
