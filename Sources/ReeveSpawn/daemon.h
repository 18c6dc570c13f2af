// Becoming a process of one's own.
#pragma once

/// Leaves whatever the agent left open or set: descriptors, signals, directory.
void settle_in(const char *directory);

/// Takes DIR/spawn.pid, so that one supervisor serves a directory; exits if another has it.
void lock_directory(void);

/// A socket that listens as DIR/spawn.sock, for this user only.
int listen_for_agents(void);

/// Forks; returns in the child, which is the leader of a session and logs to DIR/spawn.log. The parent waits until
/// `report_ready` and exits.
void become_daemon(void);
void report_ready(void);

/// The lock's file says who holds it.
void write_pid(void);
