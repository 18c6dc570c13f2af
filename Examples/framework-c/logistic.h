// The logistic map x → r x (1 − x) at one r: what a task computes, and what the check computes again.
#pragma once

#include <math.h>
#include <stdio.h>

#define R_FIRST 2.8
#define R_LAST 4.0
#define TRANSIENT 10000
#define PERIOD_MAX 64

struct orbit {
  double r;
  double exponent;  // Lyapunov's: how fast neighbours part, in nats a step; above 0 is chaos
  int period;       // 0: none up to PERIOD_MAX
};

static inline double r_of_point(int point, int points) { return R_FIRST + (R_LAST - R_FIRST) * point / (points - 1); }

static inline struct orbit follow(double r, long steps) {
  double x = 0.3, sum = 0;
  for (long i = 0; i < TRANSIENT; i++) x = r * x * (1 - x);
  for (long i = 0; i < steps; i++) {
    x = r * x * (1 - x);
    sum += log(fabs(r * (1 - 2 * x)) + 1e-300);
  }
  double first = x;
  int period = 0;
  for (int i = 1; i <= PERIOD_MAX && period == 0; i++) {
    x = r * x * (1 - x);
    if (fabs(x - first) < 1e-9) period = i;
  }
  return (struct orbit){.r = r, .exponent = sum / (double)steps, .period = period};
}

/// All digits, so that equal texts are equal numbers.
static inline void print_orbit(char *text, size_t size, struct orbit orbit) {
  snprintf(text, size, "%.17g %.17g %d\n", orbit.r, orbit.exponent, orbit.period);
}
