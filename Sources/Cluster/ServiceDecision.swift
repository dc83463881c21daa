internal import Announcer
internal import Wire

/// What one Service asks of this node.
struct ServiceDecision: Hashable, Sendable {
  /// By address.
  var wishes: [Wish] = []
  /// Why it asks for nothing, or for less than it has.
  var reasons: [ServiceReason] = []

  /// An address that shall be announced, if not by this node.
  struct Wish: Hashable, Sendable {
    var address: IPAddress
    /// Whether a load balancer's status has it; such an address should lie in a pool.
    var isLoadBalancer: Bool
    /// The policies that want it, in their order.
    var policies: [ObjectKey]
    var terms: Terms
  }

  /// On what terms this node may announce an address. Thousands of addresses share a few.
  struct Terms: Hashable, Sendable {
    /// The policies' patterns, joined by "or"; none: no further condition.
    var patterns: [InterfacePattern]
    /// Why this node may not; nil where it may.
    var obstacle: BlockReason?
  }
}
