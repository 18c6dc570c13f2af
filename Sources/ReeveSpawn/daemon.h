// Becoming a process of one's own.
#pragma once

/// Leaves whatever the agent left open or set: descriptors, signals, directory.
void settle_in(const char *directory);

/// Takes DIR/spawn.pid, so that one supervisor serves a directory; exits if another has it.
void lock_directory(void);

/// A socket that listens as DIR/spawn.sock, for this user only.
int listen_for_agents(void);

/// Forks; returns in the child, which is the leader of a session. The parent waits until `detach` and exits.
void become_daemon(void);

/// Ready: standard streams go to DIR/spawn.log, and the parent exits.
void detach(void);

/// The lock's file says who holds it.
void write_pid(void);
