package import Wire

/// What is known of other stations' addresses without asking the LAN.
package struct KnownAddresses: Hashable, Sendable {
  package var gateways: Set<Gateway>
  /// Of the lease store, with the place that it is known by.
  package var stores: [IPAddress: String]
  /// Of nodes, with their names.
  package var nodes: [IPAddress: String]
  /// Of stations that answered when the LAN was asked.
  package var stations: [IPAddress: Station]

  /// Who has an address, and on which link it was heard.
  package struct Station: Hashable, Sendable {
    package var hardwareAddress: MACAddress
    package var link: String

    package init(hardwareAddress: MACAddress, link: String) {
      self.hardwareAddress = hardwareAddress
      self.link = link
    }
  }

  package init(
    gateways: Set<Gateway> = [], stores: [IPAddress: String] = [:],
    nodes: [IPAddress: String] = [:], stations: [IPAddress: Station] = [:]
  ) {
    self.stations = stations
    self.gateways = gateways
    self.stores = stores
    self.nodes = nodes
  }
}
