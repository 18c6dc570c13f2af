import Dispatch
import Glibc

/// Waits for SIGTERM or SIGINT, after which a role ends cleanly.
@concurrent package func waitForTermination() async {
  let reply = Reply<Int32>()
  let sources = [SIGTERM, SIGINT].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler { reply.give(number) }
    source.resume()
    return source
  }
  // Cancelled when another part has failed: its error ends the role only if this wait ends too.
  _ = await withTaskCancellationHandler {
    await reply.value
  } onCancel: {
    reply.give(0)
  }
  for source in sources { source.cancel() }
}

/// Ends the process a second from now, if it is still there: a server that shuts down waits for the other ends of its
/// connections, and one that is stopped or cut off never answers. What must be kept has been closed before.
package func leaveSoon() {
  DispatchQueue.global().asyncAfter(deadline: .now() + 1) { _exit(0) }
}
