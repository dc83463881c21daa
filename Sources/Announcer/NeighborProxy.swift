package import Wire

/// An address that this node's kernel answers for on a link on somebody else's behalf
/// (`ip neigh add proxy`, NTF_PROXY).
package struct NeighborProxy: Hashable, Sendable {
  package let address: IPAddress
  /// The link it is answered on; nil for every link (ARP only: such an entry names no device).
  package let linkIndex: Int32?

  package init(address: IPAddress, linkIndex: Int32?) {
    self.address = address
    self.linkIndex = linkIndex
  }
}
