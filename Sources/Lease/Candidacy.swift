internal import Time

/// Why and since when a node stands for a free address.
struct Candidacy: Hashable {
  /// When the address was seen to be free, or came to be wanted.
  let since: Instant
  /// The node that has just freed it: dead, or not willing.
  let former: String?
  /// Left to nodes that hold less, for as long as ranks wait.
  var isDeferred = false
}
