import Glibc
import ReeveModel
import ReeveOutput
import ReeveShell
import Synchronization

/// Prints a list as it comes in.
final class ListOutput<R: Row>: Sendable {
  private let listing: Mutex<Listing<R>>

  init(_ format: Format) {
    let colours = StandardOutput.isTerminal && getenv("NO_COLOR") == nil
    listing = Mutex(Listing(format, colours: colours, now: BootClock().now().wall))
  }

  func page(_ rows: [R]) {
    StandardOutput.write { bytes in listing.withLock { $0.page(rows, into: &bytes) } }
  }

  func end() {
    StandardOutput.write { bytes in listing.withLock { $0.end(into: &bytes) } }
    StandardOutput.flush()
  }
}
