/// What the API server does not take from the node that gives addresses.
struct PoolRefusals: Hashable, Sendable {
  /// Why this node may not write the addresses of Services at all; nil where it may.
  var right: String?
  /// What else was refused, a line each.
  var remarks: [String] = []

  /// So many Services are named.
  static let limit = 3
}
