package import Wire

/// A router that the kernel has a default route through, and the link that it is on.
package struct Gateway: Hashable, Sendable {
  package var address: IPAddress
  package var linkIndex: Int32

  package init(_ address: IPAddress, on linkIndex: Int32) {
    self.address = address
    self.linkIndex = linkIndex
  }
}
