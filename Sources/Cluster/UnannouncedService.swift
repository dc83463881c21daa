/// A Service that wants to be announced and is not, or has an address that cannot be.
package struct UnannouncedService: Hashable, Sendable {
  package var service: ObjectKey
  /// `metadata.uid`; empty in files.
  package var uid: String
  /// The file and line it was read from; nil where it came from the API server.
  package var place: String?
  /// Never empty; the first one explains most.
  package var reasons: [ServiceReason]

  /// `default/web, s.yaml:1`.
  package var title: String { "\(service.name)" + (place.map { ", \($0)" } ?? "") }
  /// All reasons in one line.
  package var words: String { reasons.map(\.description).joined(separator: "; ") }
}

/// Services that are not announced, in a size that does not grow with their number.
package struct UnannouncedServices: Hashable, Sendable {
  /// How many there are, by the code of their first reason.
  package var counts: [String: Int] = [:]
  /// The first by name.
  package var first: [UnannouncedService] = []

  package init() {}

  package var total: Int { counts.values.reduce(0, +) }
}
