package import Wire

/// An address that this node announces, or would announce, and where: what the audit is about.
package struct AnnouncedAddress: Hashable, Sendable {
  package let address: IPAddress
  /// Indices of the links that it is announced on.
  package let links: Set<Int32>

  package init(address: IPAddress, links: Set<Int32>) {
    self.address = address
    self.links = links
  }
}
