// A framework: a sweep of the logistic map over its parameter, a task a point.
//
// It demands a slice for each point that has no task yet, and puts one into each slice that it is offered. Killed, it goes on
// where it was when it is started again with the same --id and --directory: what it has accepted and what is done stands in a
// journal of its own, and the master still has the tasks and the ends that it was not told of.
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <reeve.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "logistic.h"
#include "points.h"

// In which a framework that was killed may come back to its tasks.
#define FAILOVER_MICROS INT64_C(600000000)
#define TASKS_AT_ONCE 1000

struct sweep {
  reeve *r;
  struct points points;
  char directory[PATH_MAX], program[PATH_MAX + 16];
  const char *steps, *seconds;
  uint64_t tear_down;
  bool is_over;
};

static void must(struct sweep *sweep, int status) {
  if (status != 0) errx(1, "%s", reeve_error(sweep->r));
}

// MARK: What is asked for

static const struct reeve_resources shape = {.cpu_millis = 1000, .memory = 32 << 20};

static void demand(struct sweep *sweep) {
  struct reeve_demand demand = {.size = sizeof demand, .shape = shape, .count = (uint32_t)sweep->points.unplaced};
  must(sweep, reeve_demand(sweep->r, &demand, demand.count > 0 ? 1 : 0, NULL));
}

/// The same tasks each time that it is called for a part.
static void accept_part(struct sweep *sweep, int number, const uint64_t *offer) {
  struct part *part = &sweep->points.parts[number];
  struct reeve_task *tasks = calloc((size_t)part->count, sizeof *tasks);
  char name[32], points[16], (*ids)[24] = calloc((size_t)part->count, sizeof *ids);
  const char *(*argv)[7] = calloc((size_t)part->count, sizeof *argv);
  snprintf(name, sizeof name, "part-%d", number);
  snprintf(points, sizeof points, "%d", sweep->points.count);
  for (int i = 0; i < part->count; i++) {
    snprintf(ids[i], sizeof ids[i], "point-%d", part->points[i]);
    const char *words[] = {sweep->program, sweep->directory, ids[i] + strlen("point-"), points, sweep->steps, sweep->seconds};
    memcpy(argv[i], words, sizeof words);
    tasks[i] = (struct reeve_task){.size = sizeof *tasks, .id = ids[i], .argv = argv[i], .resources = shape, .retries = 2};
  }
  size_t offers = offer == NULL ? 0 : 1;
  if (offer != NULL) part->offer = *offer;
  must(sweep, reeve_accept(sweep->r, offer, offers, name, tasks, (size_t)part->count, &part->serial));
  free(argv);
  free(ids);
  free(tasks);
}

// MARK: What is told

static void subscribed(reeve *r, const struct reeve_subscription *subscription, void *context) {
  (void)r;
  (void)context;
  fprintf(stderr, "%s as job %s\n", subscription->resumed ? "subscribed again" : "subscribed", subscription->job);
}

static void offered(reeve *r, const struct reeve_offer *offers, size_t count, void *context) {
  struct sweep *sweep = context;
  for (size_t i = 0; i < count; i++) {
    int tasks = (int)(offers[i].count < TASKS_AT_ONCE ? offers[i].count : TASKS_AT_ONCE);
    if (tasks > sweep->points.unplaced) tasks = sweep->points.unplaced;
    if (tasks > 0) {
      accept_part(sweep, points_place(&sweep->points, tasks), &offers[i].id);
    } else {
      must(sweep, reeve_decline(r, &offers[i].id, 1));
    }
  }
}

static void replied(reeve *r, const struct reeve_reply *reply, void *context) {
  struct sweep *sweep = context;
  if (reply->serial == sweep->tear_down && reply->serial != 0) {
    sweep->is_over = true;
    return;
  }
  if (reply->code != NULL) fprintf(stderr, "%s: %s\n", reply->code, reply->message);
  for (int i = 0; i < sweep->points.part_count; i++) {
    struct part *part = &sweep->points.parts[i];
    if (part->serial != reply->serial || part->is_known) continue;
    points_settle(&sweep->points, i, reply->code == NULL);
    if (reply->code == NULL) continue;
    must(sweep, reeve_decline(r, &part->offer, 1));
    demand(sweep);
  }
}

static int point_of_task(const struct sweep *sweep, const char *task) {
  int point = -1;
  if (sscanf(task, "point-%d", &point) != 1 || point < 0 || point >= sweep->points.count) {
    errx(1, "the master tells of a task \"%s\" that this sweep does not have", task);
  }
  return point;
}

static int updated(reeve *r, const struct reeve_update *updates, size_t count, void *context) {
  (void)r;
  struct sweep *sweep = context;
  int *done = malloc(count * sizeof *done), done_count = 0;
  for (size_t i = 0; i < count; i++) {
    int number = point_of_task(sweep, updates[i].task);
    struct point *point = &sweep->points.all[number];
    if (point->attempt != 0 && updates[i].attempt != point->attempt) points_come_back(&sweep->points, number);
    if (updates[i].attempt != 0) point->attempt = updates[i].attempt;
    if (updates[i].state == REEVE_SUCCEEDED) done[done_count++] = number;
    if (updates[i].state == REEVE_FAILED || updates[i].state == REEVE_CANCELLED) {
      errx(1, "%s has ended on %s: %s (%d)", updates[i].task, updates[i].node, updates[i].reason, updates[i].status);
    }
  }
  points_finish(&sweep->points, done, done_count);
  free(done);
  fprintf(stderr, "%d of %d points are done\n", sweep->points.done, sweep->points.count);
  return 0;
}

static void disconnected(reeve *r, const char *reason, void *context) {
  (void)r;
  (void)context;
  fprintf(stderr, "the master is away: %s\n", reason);
}

static void failed(reeve *r, const char *reason, void *context) {
  (void)r;
  struct sweep *sweep = context;
  // A master that dies between tearing down and saying so leaves no other answer.
  if (sweep->tear_down == 0) errx(1, "the session is over: %s", reason);
  sweep->is_over = true;
}

static void wait_for_news(struct sweep *sweep) {
  struct pollfd wait = {.fd = reeve_fd(sweep->r), .events = POLLIN};
  if (poll(&wait, 1, -1) < 0 && errno != EINTR) err(1, "poll");
  int status = reeve_dispatch(sweep->r);
  if (!sweep->is_over) must(sweep, status);
}

// MARK: The check

static void check_point(const struct sweep *sweep, int point) {
  char path[PATH_MAX + 32], found[128] = "", expected[128];
  snprintf(path, sizeof path, "%s/points/%d", sweep->directory, point);
  FILE *file = fopen(path, "r");
  if (file == NULL || fgets(found, sizeof found, file) == NULL) err(1, "%s", path);
  fclose(file);
  struct orbit orbit = follow(r_of_point(point, sweep->points.count), atol(sweep->steps));
  print_orbit(expected, sizeof expected, orbit);
  if (strcmp(found, expected) != 0) errx(1, "%s: found %s, computed here it is %s", path, found, expected);
  // A row for every 24th part of the sweep.
  int stride = sweep->points.count > 24 ? sweep->points.count / 24 : 1;
  if (point % stride != 0 && point != sweep->points.count - 1) return;
  printf("%8.4f  %9.5f  ", orbit.r, orbit.exponent);
  printf(orbit.period == 0 ? "chaos\n" : "%d\n", orbit.period);
}

/// Each point has been run once, but for those whose attempt came back. Returns how many were run again.
static int check_runs(const struct sweep *sweep) {
  char path[PATH_MAX + 8];
  snprintf(path, sizeof path, "%s/runs", sweep->directory);
  FILE *file = fopen(path, "r");
  if (file == NULL) err(1, "%s", path);
  int *runs = calloc((size_t)sweep->points.count, sizeof *runs), again = 0;
  for (int point; fscanf(file, "%d", &point) == 1;) runs[point]++;
  fclose(file);
  for (int i = 0; i < sweep->points.count; i++) {
    bool is_right = runs[i] == 1 || (runs[i] > 1 && sweep->points.all[i].came_back);
    if (!is_right) errx(1, "%s: point %d was run %d times", path, i, runs[i]);
    again += runs[i] > 1;
  }
  free(runs);
  return again;
}

static void check(const struct sweep *sweep) {
  printf("%8s  %9s  %s\n", "r", "exponent", "period");
  for (int i = 0; i < sweep->points.count; i++) check_point(sweep, i);
  int again = check_runs(sweep);
  // At r = 4 the map is conjugate to the tent map, and the exponent is ln 2.
  double last = follow(R_LAST, atol(sweep->steps)).exponent;
  if (fabs(last - log(2)) > 0.01) errx(1, "the exponent at r = 4 is %g, not ln 2", last);
  printf("all %d points are as computed here one by one; run again were %d\n", sweep->points.count, again);
}

static void remove_all(const struct sweep *sweep) {
  char path[PATH_MAX + 32];
  for (int i = 0; i < sweep->points.count; i++) {
    snprintf(path, sizeof path, "%s/points/%d", sweep->directory, i);
    remove(path);
  }
  static const char *const names[] = {"points", "runs", "journal", ""};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    snprintf(path, sizeof path, "%s/%s", sweep->directory, names[i]);
    remove(path);
  }
}

// MARK: The command line

static const char usage[] =
    "usage: run [--points N] [--steps N] [--seconds S] [--role ROLE] [--id ID --directory DIR]\n"
    "  Follows the logistic map at N points (240) between r = 2.8 and 4, a task a point, for so many steps (200000) and at\n"
    "  least so many seconds (0) each, in a cluster that REEVE_ADDRESS names, and checks the result against its own.\n"
    "  With --id and --directory a sweep that was killed goes on where it was. DIR must be where all nodes see it.\n";

static void find_program(char *path, size_t size) {
  char own[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
  if (length < 0) err(1, "/proc/self/exe");
  own[length] = 0;
  snprintf(path, size, "%s/logistic", dirname(own));
}

static void parse(struct sweep *sweep, struct reeve_options *options, int *points, int count, char **arguments) {
  static const struct option known[] = {
      {"points", required_argument, NULL, 'p'},  {"steps", required_argument, NULL, 's'},
      {"seconds", required_argument, NULL, 't'}, {"role", required_argument, NULL, 'r'},
      {"id", required_argument, NULL, 'i'},      {"directory", required_argument, NULL, 'd'},
      {"help", no_argument, NULL, 'h'},          {0},
  };
  const char *directory = NULL;
  for (int option; (option = getopt_long(count, arguments, "", known, NULL)) != -1;) {
    switch (option) {
      case 'p': *points = atoi(optarg); break;
      case 's': sweep->steps = optarg; break;
      case 't': sweep->seconds = optarg; break;
      case 'r': options->role = optarg; break;
      case 'i': options->framework = optarg; break;
      case 'd': directory = optarg; break;
      case 'h': fputs(usage, stdout); exit(0);
      default: fputs(usage, stderr); exit(2);
    }
  }
  if (optind != count || *points < 2 || (directory == NULL) != (options->framework == NULL)) {
    fputs(usage, stderr);
    exit(2);
  }
  char made[] = "/tmp/sweep-XXXXXX";
  if (directory == NULL) directory = mkdtemp(made);
  if (directory == NULL || (mkdir(directory, 0755) != 0 && errno != EEXIST)) err(1, "%s", directory);
  if (realpath(directory, sweep->directory) == NULL) err(1, "%s", directory);
}

int main(int count, char **arguments) {
  struct sweep sweep = {.steps = "200000", .seconds = "0"};
  struct reeve_callbacks callbacks = {
      .size = sizeof callbacks,
      .subscribed = subscribed,
      .offers = offered,
      .updates = updated,
      .reply = replied,
      .disconnected = disconnected,
      .failed = failed,
  };
  struct reeve_options options = {
      .size = sizeof options, .failover_micros = FAILOVER_MICROS, .callbacks = &callbacks, .context = &sweep};
  int points = 240;
  parse(&sweep, &options, &points, count, arguments);
  bool is_own_directory = options.framework == NULL;
  if (is_own_directory) options.framework = basename(strdup(sweep.directory));
  find_program(sweep.program, sizeof sweep.program);
  char path[PATH_MAX + 8];
  snprintf(path, sizeof path, "%s/points", sweep.directory);
  if (mkdir(path, 0755) != 0 && errno != EEXIST) err(1, "%s", path);
  points_open(&sweep.points, sweep.directory, points);

  must(&sweep, reeve_open(&options, &sweep.r));
  demand(&sweep);
  for (int i = 0; i < sweep.points.part_count; i++) {
    // Whether the master has these, the process before this one did not live to hear.
    if (!sweep.points.parts[i].is_known) accept_part(&sweep, i, NULL);
  }
  while (sweep.points.done < sweep.points.count) wait_for_news(&sweep);
  check(&sweep);
  must(&sweep, reeve_tear_down(sweep.r, &sweep.tear_down));
  while (!sweep.is_over) wait_for_news(&sweep);
  reeve_close(sweep.r);
  if (is_own_directory) remove_all(&sweep);
  return 0;
}
