package import Wire

/// What neighbours have been told about a claim. When any of it changes, they must hear it again;
/// while none of it changes, a pass over the state sends nothing.
package struct Affirmation: Hashable, Sendable {
  /// The life of the interface.
  package var link: LinkID
  /// Goes up when the link came back, was renamed, failed over.
  package var linkRevision: UInt32
  package var hardwareAddress: MACAddress
  /// The fencing token of the claim (lease.md §1.4): a claim won again is announced again.
  package var epoch: UInt64

  package init(link: LinkID, linkRevision: UInt32, hardwareAddress: MACAddress, epoch: UInt64) {
    self.link = link
    self.linkRevision = linkRevision
    self.hardwareAddress = hardwareAddress
    self.epoch = epoch
  }
}
