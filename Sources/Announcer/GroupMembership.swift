package import Wire

/// One multicast group on one link, joined so that what is sent to the group arrives here.
package struct GroupMembership: Hashable, Sendable {
  package var interfaceIndex: Int32
  /// Changes when the link came back or changed: the group is then joined again.
  package var revision: UInt64
  package var group: IPv6Address

  package init(interfaceIndex: Int32, revision: UInt64, group: IPv6Address) {
    self.interfaceIndex = interfaceIndex
    self.revision = revision
    self.group = group
  }

  /// The solicited-node group of a claim (RFC 4291 §2.7.1), to which neighbours send their solicitations; nil for
  /// IPv4, which has none.
  package init?(of claim: Claim, _ affirmation: Affirmation) {
    guard case .v6(let address) = claim.address else { return nil }
    self.init(
      interfaceIndex: claim.interfaceIndex,
      revision: UInt64(affirmation.link.generation) << 32 | UInt64(affirmation.linkRevision),
      group: address.solicitedNodeGroup)
  }
}
