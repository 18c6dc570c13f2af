import Foundation
package import ReeveModel

/// Writes a small file so that readers find the old content or the new, also after the machine died.
package func writeWhole(_ text: String, to path: String) throws(Refusal) {
  let temporary = path + ".new"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { throw unwritable(path) }
  defer { close(descriptor) }
  guard write(descriptor, text, text.utf8.count) == text.utf8.count, fsync(descriptor) == 0,
    rename(temporary, path) == 0
  else {
    let refusal = unwritable(path)
    // Half a file is of no use, and on a full disk in everybody's way.
    unlink(temporary)
    throw refusal
  }
}

private func unwritable(_ path: String) -> Refusal {
  Refusal(.unavailable, field: "data", "\"\(path)\" cannot be written: \(String(cString: strerror(errno))).")
}
