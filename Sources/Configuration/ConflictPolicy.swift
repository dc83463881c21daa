/// What to do when a foreign host claims one of our addresses (RFC 5227 §2.4).
package enum ConflictPolicy: String, CaseIterable, Hashable, Sendable {
  /// Announce once at once, then at most once per DEFEND_INTERVAL.
  case defend
  /// Count it, log it, show it; send nothing.
  case report
}
