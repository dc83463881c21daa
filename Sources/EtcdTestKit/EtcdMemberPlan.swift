/// Where one member of an etcd cluster listens and keeps its data; starts nothing.
package struct EtcdMemberPlan: Hashable, Sendable {
  package let name: String
  /// As it stands in a URL: `127.0.0.1`, `10.80.0.11`, `[2001:db8::1]`.
  package let host: String
  package let clientPort: UInt16
  package let peerPort: UInt16
  /// Made by the member itself; nobody else's.
  package let dataDirectory: String

  package init(
    name: String, host: String, clientPort: UInt16 = 2379, peerPort: UInt16 = 2380,
    dataDirectory: String
  ) {
    self.name = name
    self.host = host
    self.clientPort = clientPort
    self.peerPort = peerPort
    self.dataDirectory = dataDirectory
  }
}
