// The one agent that is connected, if any.
#pragma once

#include <stdbool.h>

#include "buffer.h"

/// What is to be said to the agent. Kept empty while there is none that has said HELLO.
extern struct buffer agent_out;

/// Takes a new connection, which replaces the one before.
void agent_accept(int poll, int listener);

/// Reads (if `readable`) and carries out what was asked, up to a turn's worth.
void agent_receive(bool readable);

/// Whether requests are left over for the next turn.
bool agent_has_more(void);

/// Sends what is to be said, in one write; starts alone a little later. Returns when it wants to be called again at the
/// latest, on the boot clock in ms; UINT64_MAX: whenever.
uint64_t agent_send(int poll);

bool agent_connected(void);
