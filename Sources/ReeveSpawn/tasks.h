// The attempts that this supervisor knows: running ones, and ended ones until the agent has acknowledged them.
//
//   running ──the main process is reaped──▶ draining ──nothing of it is left──▶ ended ──FORGET──▶ (gone)
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "launch.h"

/// Reads the exits file: what ended under an earlier supervisor and is not acknowledged.
void tasks_load(void);

/// Starts an attempt and says so in `out`; says what is known of it if it is known already.
void tasks_spawn(const struct command *command, struct buffer *out);

/// Sends a signal to a task and its group. It is no order to end: what ends for it ends by itself.
void tasks_signal(uint64_t attempt, uint8_t number);

/// Notes a kill order. It is carried out by `tasks_carry_out_orders`, once the order is on disk.
void tasks_order_kill(uint64_t attempt, uint8_t reason, uint32_t grace_ms);
void tasks_carry_out_orders(struct buffer *out);

/// How many bytes of STARTED frames were put since the last `tasks_starts_said`.
size_t tasks_starts_unsaid(void);
void tasks_starts_said(void);

void tasks_forget(uint64_t attempt);

/// Orders all to end; nothing is started from here on.
void tasks_shut_down(uint32_t grace_ms);
bool tasks_shutting_down(void);

/// Reaps what has exited. Ends go to the exits file, and to `out`.
void tasks_reap(struct buffer *out);

/// Carries out what is due: KILL after a grace, another look at what is slow to go.
void tasks_tick(struct buffer *out);

/// When `tasks_tick` wants to be called again, on the boot clock in ms; UINT64_MAX: no need.
uint64_t tasks_next_tick(void);

bool tasks_none_running(void);

/// WELCOME, and the unacknowledged ends after it.
void tasks_put_welcome(struct buffer *out);
