package import Wire

/// What one RTM_NEWADDR or RTM_DELADDR says (`rtnetlink(7)`, `linux/if_addr.h`).
package struct AddressMessage: Hashable, Sendable {
  package var index: Int32
  /// The node's own address: IFA_LOCAL, or IFA_ADDRESS where there is no IFA_LOCAL.
  package var address: IPAddress
  package var prefixLength: Int
  /// The other end, where IFA_LOCAL and IFA_ADDRESS differ. One local address may have several.
  package var peer: IPAddress?
  /// IFA_F_TENTATIVE without IFA_F_OPTIMISTIC, or IFA_F_DADFAILED: not usable as a source.
  package var isTentative: Bool

  package init(
    index: Int32, address: IPAddress, prefixLength: Int, peer: IPAddress? = nil,
    isTentative: Bool = false
  ) {
    self.index = index
    self.address = address
    self.prefixLength = prefixLength
    self.peer = peer
    self.isTentative = isTentative
  }
}
