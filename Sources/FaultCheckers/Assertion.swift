package import Time
package import Wire

/// A frame on the LAN that says "I have this address": an ARP reply, a gratuitous ARP of either
/// form, or a neighbour advertisement. Such frames are all that counts for exclusion (lease.md I1).
package struct Assertion: Hashable, Sendable {
  /// When it passed the bridge, on the boot clock.
  package let time: Instant
  package let address: IPAddress
  /// The hardware address that it names as the owner.
  package let station: MACAddress

  package init(time: Instant, address: IPAddress, station: MACAddress) {
    self.time = time
    self.address = address
    self.station = station
  }
}
