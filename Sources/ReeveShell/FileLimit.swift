import Glibc

/// Lets this process open as many files as it may: each rack, node and client is a connection. Not for a process whose
/// children are tasks, which would inherit it.
package func raiseFileLimit() {
  var limit = rlimit()
  guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
  limit.rlim_cur = limit.rlim_max
  // Where it cannot be raised, what there is has to do.
  _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
