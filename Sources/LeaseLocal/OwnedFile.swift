internal import Lease
internal import LinuxSystem

/// A session or claim of ours: its locked file and what should stand in it.
final class OwnedFile {
  let file: LockedFile
  private(set) var record: LeaseRecord
  /// The record has been written.
  private(set) var isWritten = false
  /// Writing it failed, for example because the disk is full.
  private(set) var isDue = false

  /// - Parameter version: of the announcer, where the file is a session's.
  init(
    file: LockedFile, node: String, session: SessionID, pid: Int32, since: String, epoch: Epoch,
    version: String? = nil
  ) {
    self.file = file
    record = LeaseRecord(
      node: node, session: session, pid: pid, since: since, epoch: epoch,
      inode: file.identity.inode)
    record.version = version
  }

  var epoch: Epoch { Epoch(record.epoch) }

  func write(truncating: Bool = false) throws(SystemError) {
    isWritten = false
    isDue = true
    try file.write(record.bytes, truncating: truncating)
    isWritten = true
    isDue = false
  }

  /// Writes the record again where somebody else has written to the file. The lock is what counts, but
  /// people read the content.
  func repair() throws(SystemError) {
    if isWritten && file.contents() != record.bytes { try write(truncating: true) }
  }

  /// Marks the file as free and gives the lock back. The file stays, so that its next owner can trust
  /// it at once.
  func giveBack() {
    // An untrusted file stays as it is: the next owner has to wait as this one did.
    if isWritten {
      var record = record
      record.state = .free
      try? file.write(record.bytes)
    }
    file.unlock()
  }
}
