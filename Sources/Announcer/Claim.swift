package import Wire

/// The right and the means to announce one address on one link.
package struct Claim: Hashable, Sendable {
  package var address: IPAddress
  /// The link's kernel index.
  package var interfaceIndex: Int32

  package init(address: IPAddress, interfaceIndex: Int32) {
    self.address = address
    self.interfaceIndex = interfaceIndex
  }
}

/// What an answer needs to know of a link.
package struct LinkContext: Hashable, Sendable {
  package var interfaceIndex: Int32
  package var hardwareAddress: MACAddress
  /// Source of unsolicited advertisements (RFC 4861 §4.4); nil: the announced address serves.
  package var linkLocalAddress: IPv6Address?

  package init(
    interfaceIndex: Int32, hardwareAddress: MACAddress, linkLocalAddress: IPv6Address? = nil
  ) {
    self.interfaceIndex = interfaceIndex
    self.hardwareAddress = hardwareAddress
    self.linkLocalAddress = linkLocalAddress
  }
}
