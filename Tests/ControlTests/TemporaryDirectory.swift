import Glibc

/// A directory that goes with this value, and what is in it.
final class TemporaryDirectory {
  let path: String

  init() {
    var template = Array("/tmp/announcer-control-XXXXXX".utf8CString)
    _ = unsafe mkdtemp(&template)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in [
      "control.sock", "control.sock.lock", "below/control.sock", "below/control.sock.lock",
    ] {
      _ = unsafe unlink("\(path)/\(name)")
    }
    _ = unsafe rmdir("\(path)/below")
    _ = unsafe rmdir(path)
  }

  var socket: String { "\(path)/control.sock" }
}
