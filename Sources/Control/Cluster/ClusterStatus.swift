/// What `announcer status --cluster --output json` prints: every node's session and every claim, as the
/// lease store has them.
///
/// The names and meanings are an interface that people script against. A field may be added; none
/// changes or goes.
package struct ClusterStatus: FieldValue {
  /// The daemon's version.
  @Field package var version: String
  /// The node that was asked.
  @Field package var node: String
  @Field package var store: ClusterStore
  /// By name.
  @Field package var nodes: [ClusterNode]
  /// In address order: every claim, and what the asked node wants and nobody has.
  @Field package var addresses: [ClusterAddress]
  /// Sentences for people, the most important first.
  @Field package var warnings: [String]

  package init(
    version: String, node: String, store: ClusterStore, nodes: [ClusterNode] = [],
    addresses: [ClusterAddress] = [], warnings: [String] = []
  ) {
    self.version = version
    self.node = node
    self.store = store
    self.nodes = nodes
    self.addresses = addresses
    self.warnings = warnings
  }

  package static var absent: Self { Self(version: "", node: "", store: .absent) }

  /// The same of these addresses alone, in canonical form and in this order; one that the store does not
  /// know is free, or unknown where the store did not answer.
  package func restricted(to wanted: [String]) -> ClusterStatus {
    let known = Dictionary(addresses.map { ($0.address, $0) }) { first, _ in first }
    var status = self
    status.addresses = wanted.map {
      known[$0] ?? ClusterAddress(address: $0, state: store.reachable ? .free : .unknown)
    }
    return status
  }
}
