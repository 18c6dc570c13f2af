#define _GNU_SOURCE
#include "points.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void mark(struct points *points, int point, int state) {
  int before = (int)points->all[point].state;
  points->unplaced += (state == UNPLACED) - (before == UNPLACED);
  points->done += (state == DONE) - (before == DONE);
  points->all[point].state = state;
}

static struct part *add_part(struct points *points) {
  points->parts = realloc(points->parts, (size_t)(points->part_count + 1) * sizeof *points->parts);
  struct part *part = &points->parts[points->part_count++];
  *part = (struct part){.points = malloc((size_t)points->count * sizeof *part->points)};
  return part;
}

static void settle(struct points *points, int number, bool is_taken) {
  struct part *part = &points->parts[number];
  part->is_known = true;
  if (is_taken) return;
  for (int i = 0; i < part->count; i++) mark(points, part->points[i], UNPLACED);
}

// MARK: The journal

static void write_down(struct points *points, const char *text, size_t length) {
  if (write(points->journal, text, length) != (ssize_t)length || fdatasync(points->journal) != 0) err(1, "journal");
}

static int number_in(const struct points *points, const char *word, int limit) {
  char *end;
  long number = word == NULL ? -1 : strtol(word, &end, 10);
  if (number < 0 || number >= limit || *end != 0) errx(1, "journal: it is of another sweep than one of %d points", points->count);
  return (int)number;
}

static void read_line(struct points *points, char *line) {
  char *rest, *verb = strtok_r(line, " ", &rest), *word = strtok_r(NULL, " ", &rest);
  if (verb == NULL) return;
  if (strcmp(verb, "accept") == 0) {
    struct part *part = add_part(points);
    while ((word = strtok_r(NULL, " ", &rest)) != NULL) {
      int point = number_in(points, word, points->count);
      part->points[part->count++] = point;
      mark(points, point, PLACED);
    }
  } else if (strcmp(verb, "back") == 0) {
    points->all[number_in(points, word, points->count)].came_back = true;
  } else if (strcmp(verb, "done") == 0) {
    mark(points, number_in(points, word, points->count), DONE);
  } else {
    settle(points, number_in(points, word, points->part_count), strcmp(verb, "taken") == 0);
  }
}

void points_open(struct points *points, const char *directory, int count) {
  *points = (struct points){.all = calloc((size_t)count, sizeof *points->all), .count = count, .unplaced = count};
  char *path = NULL;
  if (asprintf(&path, "%s/journal", directory) < 0) err(1, "journal");
  points->journal = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  FILE *file = fopen(path, "r");
  if (points->journal < 0 || file == NULL) err(1, "%s", path);
  char *line = NULL;
  size_t capacity = 0;
  off_t whole = 0;
  for (ssize_t length; (length = getline(&line, &capacity, file)) > 0 && line[length - 1] == '\n'; whole += length) {
    line[length - 1] = 0;
    read_line(points, line);
  }
  // A line without its end was never acted upon.
  if (ftruncate(points->journal, whole) != 0) err(1, "%s", path);
  free(line);
  fclose(file);
  free(path);
}

// MARK: Steps

int points_place(struct points *points, int count) {
  int number = points->part_count;
  struct part *part = add_part(points);
  char *text = NULL;
  size_t length = 0;
  FILE *line = open_memstream(&text, &length);
  fprintf(line, "accept %d", number);
  for (int i = 0; i < points->count && part->count < count; i++) {
    if (points->all[i].state != UNPLACED) continue;
    fprintf(line, " %d", i);
    part->points[part->count++] = i;
    mark(points, i, PLACED);
  }
  fprintf(line, "\n");
  fclose(line);
  write_down(points, text, length);
  free(text);
  return number;
}

void points_settle(struct points *points, int part, bool is_taken) {
  char text[64];
  settle(points, part, is_taken);
  write_down(points, text, (size_t)snprintf(text, sizeof text, "%s %d\n", is_taken ? "taken" : "refused", part));
}

void points_come_back(struct points *points, int point) {
  if (points->all[point].came_back) return;
  points->all[point].came_back = true;
  char text[32];
  write_down(points, text, (size_t)snprintf(text, sizeof text, "back %d\n", point));
}

void points_finish(struct points *points, const int *done, int count) {
  char *text = NULL;
  size_t length = 0;
  FILE *lines = open_memstream(&text, &length);
  for (int i = 0; i < count; i++) {
    if (points->all[done[i]].state == DONE) continue;
    mark(points, done[i], DONE);
    fprintf(lines, "done %d\n", done[i]);
  }
  fclose(lines);
  if (length > 0) write_down(points, text, length);
  free(text);
}
