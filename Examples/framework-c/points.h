// Where each point of the sweep is, and the file that says so to the next process of the same sweep.
//
// DIRECTORY/journal has a line for each step:
//   accept PART POINT…   written before the tasks are sent: the master may have them, or not
//   taken PART           it has
//   refused PART         it has not, and never will
//   back POINT           an attempt at it came to nothing, such as one whose node is lost: it may rightly be run twice
//   done POINT           its task has succeeded
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct point {
  enum { UNPLACED, PLACED, DONE } state;
  uint64_t attempt;  // that was told last
  bool came_back;
};

/// An accept: which points under which name.
struct part {
  int *points;
  int count;
  uint64_t serial;  // of the request
  uint64_t offer;   // that it uses; 0: none that this process has seen
  bool is_known;    // taken or refused
};

struct points {
  struct point *all;
  int count, unplaced, done;
  struct part *parts;  // part i is called `part-i`
  int part_count;
  int journal;
};

/// Reads the journal, or begins one. Ends the program where that cannot be.
void points_open(struct points *, const char *directory, int count);
/// Writes down that the first so many points that are not placed are to be accepted, and says as which part.
int points_place(struct points *, int count);
/// What became of it.
void points_settle(struct points *, int part, bool is_taken);
/// Writes down that the point is run again.
void points_come_back(struct points *, int point);
/// Writes down that these are done; durable when it returns.
void points_finish(struct points *, const int *done, int count);
