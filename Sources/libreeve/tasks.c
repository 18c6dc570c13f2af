#include "tasks.h"

#include <grpc/support/alloc.h>
#include <grpc/support/string_util.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

#define GRACE_DEFAULT INT64_C(5000000)

/// A later version's tasks may be larger: the first says how large all are.
static const struct reeve_task *task_at(const struct reeve_task *tasks, size_t i) {
  return (const struct reeve_task *)(const void *)((const char *)tasks + i * tasks->size);
}

static size_t count_strings(const char *const *strings) {
  size_t count = 0;
  if (strings != NULL) {
    while (strings[count] != NULL) count++;
  }
  return count;
}

// MARK: Checks
//
// Only of what could not be said in columns; all else is the master's to judge, whose rules may be others than they were when
// this was built.

static int check_task(reeve *r, const struct reeve_task *task, size_t i) {
  if (task->id == NULL || *task->id == 0) {
    return fail(r, REEVE_INVALID, "tasks[%zu].id: it is empty; use 1 to 256 printable characters, such as \"point-7\"", i);
  }
  if (task->argv == NULL || task->argv[0] == NULL || *task->argv[0] == 0) {
    return fail(r, REEVE_INVALID, "tasks[%zu].argv: the command is empty; give a program and its arguments, then NULL", i);
  }
  for (size_t j = 0; j < count_strings(task->env); j++) {
    const char *equals = strchr(task->env[j], '=');
    if (equals == NULL || equals == task->env[j]) {
      return fail(r, REEVE_INVALID, "tasks[%zu].env[%zu]: \"%s\" is not NAME=value", i, j, task->env[j]);
    }
  }
  return 0;
}

static int check_tasks(reeve *r, const struct reeve_task *tasks, size_t count) {
  if (count == 0) return fail(r, REEVE_INVALID, "tasks: there is none; accept with at least one, or decline the offers");
  size_t bytes = 0;
  for (size_t i = 0; i < count; i++) {
    const struct reeve_task *task = task_at(tasks, i);
    if (task->size < sizeof *task || task->size != tasks->size) {
      return fail(r, REEVE_INVALID, "tasks[%zu].size: %zu; set it to sizeof (struct reeve_task)", i, task->size);
    }
    int status = check_task(r, task, i);
    if (status != 0) return status;
    bytes += strlen(task->id);
    for (size_t j = 0; task->argv[j] != NULL; j++) bytes += strlen(task->argv[j]);
  }
  // The columns' ends are 32 bits wide.
  if (bytes <= MESSAGE_BYTES_MAX) return 0;
  return fail(
      r, REEVE_INVALID, "tasks: %zu bytes of ids and arguments; one message holds at most %zu: accept in parts", bytes,
      MESSAGE_BYTES_MAX);
}

// MARK: Templates

static bool have_same_strings(const char *const *a, const char *const *b) {
  size_t count = count_strings(a);
  if (count != count_strings(b)) return false;
  for (size_t i = 0; i < count; i++) {
    if (strcmp(a[i], b[i]) != 0) return false;
  }
  return true;
}

/// Whether two tasks differ in no more than id and arguments.
static bool have_same_template(const struct reeve_task *a, const struct reeve_task *b) {
  bool have_directory = a->directory != NULL && b->directory != NULL;
  return a->resources.cpu_millis == b->resources.cpu_millis && a->resources.memory == b->resources.memory
         && a->resources.disk == b->resources.disk && a->time_limit_micros == b->time_limit_micros
         && a->grace_micros == b->grace_micros && a->retries == b->retries && a->priority == b->priority
         && a->on_node_loss == b->on_node_loss
         && (have_directory ? strcmp(a->directory, b->directory) == 0 : a->directory == b->directory)
         && (a->env == b->env || have_same_strings(a->env, b->env));
}

static int compare_variables(const void *a, const void *b) {
  return strcmp((*(Reeve__V1__Variable *const *)a)->name, (*(Reeve__V1__Variable *const *)b)->name);
}

static Reeve__V1__TaskTemplate *make_template(const struct reeve_task *task) {
  Reeve__V1__TaskTemplate *template = gpr_malloc(sizeof *template);
  reeve__v1__task_template__init(template);
  template->resources = gpr_malloc(sizeof *template->resources);
  reeve__v1__resources__init(template->resources);
  template->resources->cpu_millis = task->resources.cpu_millis;
  template->resources->memory = task->resources.memory;
  template->resources->disk = task->resources.disk;
  template->time_limit_micros = task->time_limit_micros;
  template->grace_micros = task->grace_micros == 0 ? GRACE_DEFAULT : task->grace_micros < 0 ? 0 : task->grace_micros;
  template->priority = task->priority;
  if (task->directory != NULL) template->directory = (char *)task->directory;
  template->on_node_loss = task->on_node_loss;
  if (task->retries > 0) {
    template->retry = gpr_malloc(sizeof *template->retry);
    reeve__v1__retry_rule__init(template->retry);
    template->retry->limit = task->retries;
  }
  template->n_environment = count_strings(task->env);
  template->environment = gpr_zalloc((template->n_environment + 1) * sizeof *template->environment);
  for (size_t i = 0; i < template->n_environment; i++) {
    Reeve__V1__Variable *variable = gpr_malloc(sizeof *variable);
    reeve__v1__variable__init(variable);
    variable->name = gpr_strdup(task->env[i]);
    char *equals = strchr(variable->name, '=');
    *equals = 0;
    variable->value = equals + 1;
    template->environment[i] = variable;
  }
  // Masters want them sorted, and refuse a name that comes twice.
  qsort(template->environment, template->n_environment, sizeof *template->environment, compare_variables);
  return template;
}

static void free_template(Reeve__V1__TaskTemplate *template) {
  for (size_t i = 0; i < template->n_environment; i++) {
    gpr_free(template->environment[i]->name);
    gpr_free(template->environment[i]);
  }
  gpr_free(template->environment);
  gpr_free(template->retry);
  gpr_free(template->resources);
  gpr_free(template);
}

// MARK: Columns

/// Appends to a column that has room for it.
static void append(Reeve__V1__PackedStrings *column, const char *text) {
  size_t length = strlen(text);
  memcpy(column->data.data + column->data.len, text, length);
  column->data.len += length;
  column->ends[column->n_ends++] = (uint32_t)column->data.len;
}

static void allocate(Reeve__V1__PackedStrings *column, size_t bytes, size_t count) {
  column->data.data = gpr_malloc(bytes + 1);
  column->ends = gpr_malloc(count * sizeof *column->ends);
}

static void allocate_columns(struct task_spec *spec, const struct reeve_task *tasks, size_t count) {
  size_t name_bytes = 0, word_bytes = 0, words = 0;
  for (size_t i = 0; i < count; i++) {
    const struct reeve_task *task = task_at(tasks, i);
    name_bytes += strlen(task->id);
    for (size_t j = 0; task->argv[j] != NULL; j++, words++) word_bytes += strlen(task->argv[j]);
  }
  allocate(&spec->names, name_bytes, count);
  allocate(&spec->words, word_bytes, words);
  spec->arguments.ends = gpr_malloc(count * sizeof *spec->arguments.ends);
  spec->columns.templates = gpr_malloc(count * sizeof *spec->columns.templates);
  // None depends on another.
  spec->columns.dependency_ends = gpr_zalloc(count * sizeof *spec->columns.dependency_ends);
  spec->columns.n_templates = spec->columns.n_dependency_ends = spec->arguments.n_ends = count;
  spec->job.templates = gpr_malloc(count * sizeof *spec->job.templates);
}

int tasks_pack(reeve *r, struct task_spec *spec, const struct reeve_task *tasks, size_t count) {
  int status = check_tasks(r, tasks, count);
  if (status != 0) return status;
  reeve__v1__job_spec__init(&spec->job);
  reeve__v1__task_columns__init(&spec->columns);
  reeve__v1__packed_strings__init(&spec->names);
  reeve__v1__packed_strings__init(&spec->words);
  reeve__v1__packed_lists__init(&spec->arguments);
  allocate_columns(spec, tasks, count);
  for (size_t i = 0; i < count; i++) {
    const struct reeve_task *task = task_at(tasks, i);
    if (i == 0 || !have_same_template(task_at(tasks, i - 1), task)) {
      spec->job.templates[spec->job.n_templates++] = make_template(task);
    }
    append(&spec->names, task->id);
    for (size_t j = 0; task->argv[j] != NULL; j++) append(&spec->words, task->argv[j]);
    spec->arguments.ends[i] = (uint32_t)spec->words.n_ends;
    spec->columns.templates[i] = (uint32_t)spec->job.n_templates - 1;
  }
  spec->arguments.strings = &spec->words;
  spec->columns.names = &spec->names;
  spec->columns.arguments = &spec->arguments;
  spec->job.tasks = &spec->columns;
  return 0;
}

void tasks_free(struct task_spec *spec) {
  for (size_t i = 0; i < spec->job.n_templates; i++) free_template(spec->job.templates[i]);
  gpr_free(spec->job.templates);
  gpr_free(spec->columns.templates);
  gpr_free(spec->columns.dependency_ends);
  gpr_free(spec->arguments.ends);
  Reeve__V1__PackedStrings columns[] = {spec->names, spec->words};
  for (size_t i = 0; i < 2; i++) {
    gpr_free(columns[i].data.data);
    gpr_free(columns[i].ends);
  }
}
