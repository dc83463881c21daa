internal import CLinux
internal import Glibc

/// The single owner of a file descriptor: it is closed when its owner goes, and never twice.
package struct Descriptor: ~Copyable, Sendable {
  /// The number, for system calls. Valid as long as this value lives.
  package let rawValue: Int32

  /// Takes over `rawValue`, which must be open and nobody else's to close.
  package init(owning rawValue: Int32) {
    precondition(rawValue >= 0, "a descriptor number is not negative")
    self.rawValue = rawValue
  }

  /// Gives the number away; whoever takes it must close it.
  package consuming func release() -> Int32 {
    let number = rawValue
    discard self
    return number
  }

  deinit {
    // EBADF here means that somebody else closed our number: a bug that may hit a stranger's file.
    let result = close(rawValue)
    precondition(result == 0 || errno != EBADF, "descriptor closed behind its owner's back")
  }
}
