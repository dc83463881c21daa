/// Whose warnings they are; the order is that of the status.
enum WarningSource: Int, CaseIterable, Sendable {
  /// The cluster's objects.
  case cluster
  /// Address pools.
  case pools
  /// What is written about Services, policies and pools, for people.
  case reports
  /// The server of figures.
  case metrics
  /// What of this host stands in the way.
  case audit
}

/// The warnings that stand now, by source. Each source says all of its own at once.
struct WarningBoard: Sendable {
  private var warnings: [WarningSource: [String]] = [:]

  subscript(source: WarningSource) -> [String] { warnings[source] ?? [] }

  var all: [String] { WarningSource.allCases.flatMap { self[$0] } }

  /// Takes over what some sources say now.
  ///
  /// - Returns: what has not been said before, for the log.
  mutating func apply(_ new: [WarningSource: [String]]) -> [String] {
    var added: [String] = []
    for source in WarningSource.allCases {
      guard let texts = new[source] else { continue }
      let known = Set(self[source])
      added += texts.filter { !known.contains($0) }
      warnings[source] = texts
    }
    return added
  }
}
