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
  /// Of the lists among them, the greatest order that was logged.
  private var logged: [WarningSource: [String: Int]] = [:]

  subscript(source: WarningSource) -> [String] { warnings[source] ?? [] }

  var all: [String] { WarningSource.allCases.flatMap { self[$0] } }

  /// Takes over what some sources say now.
  ///
  /// - Returns: what has not been said before, for the log. A list counts as said as long as it stands, until the
  ///   number of its members has more digits than before.
  mutating func apply(_ new: [WarningSource: [String]]) -> [String] {
    var added: [String] = []
    for source in WarningSource.allCases {
      guard let texts = new[source] else { continue }
      let known = Set(self[source])
      var orders: [String: Int] = [:]
      for text in texts {
        if let list = ListedWarning(text) {
          let before = orders[list.words] ?? logged[source]?[list.words] ?? 0
          orders[list.words] = max(before, list.order)
          if list.order > before { added.append(text) }
        } else if !known.contains(text) {
          added.append(text)
        }
      }
      warnings[source] = texts
      logged[source] = orders
    }
    return added
  }
}
