internal import Synchronization
package import Wire

/// What a claim's record in the store says beside its owner: for people, deciding nothing.
package struct ClaimNote: Hashable, Sendable {
  /// The interfaces on which the node would announce the address.
  package var interfaces: [String]
  /// The hardware address that neighbours would learn.
  package var hardwareAddress: String

  package init(interfaces: [String], hardwareAddress: String) {
    self.interfaces = interfaces
    self.hardwareAddress = hardwareAddress
  }
}

/// The notes that a store writes with the records it makes: whoever knows the links sets them, the
/// store reads them.
package final class ClaimNotes: Sendable {
  /// Of this program, for the record of its session.
  package let version: String?
  private let notes = Mutex<[IPAddress: ClaimNote]>([:])

  package init(version: String? = nil) {
    self.version = version
  }

  package func replace(_ notes: [IPAddress: ClaimNote]) {
    self.notes.withLock { $0 = notes }
  }

  package subscript(address: IPAddress) -> ClaimNote? {
    notes.withLock { $0[address] }
  }
}
