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
  _ = await reply.value
  for source in sources { source.cancel() }
}
