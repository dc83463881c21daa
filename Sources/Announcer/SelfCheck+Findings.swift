package import Wire

/// What the rounds so far say of links, beside the addresses that failed.
extension SelfCheck {
  /// Why nothing can be said from outside of links that announce; nothing of those that were asked about and
  /// answered.
  ///
  /// - Parameters: as of the questions.
  package func unchecked(
    _ announced: some Sequence<LinkID>, from candidates: [LinkID],
    twins: [LinkID: Set<LinkID>] = [:]
  ) -> [LinkID: Unchecked] {
    var result: [LinkID: Unchecked] = [:]
    for link in announced where witnesses[link] == nil {
      let others = candidates.filter { $0 != link }
      let usable = others.filter { !(twins[link] ?? []).contains($0) }
      let tried = usable.filter { triedInVain[link]?.contains($0) ?? false }
      result[link] =
        others.isEmpty
        ? .noSecondLink
        : usable.isEmpty
          ? .sameHardwareAddress(others) : tried.isEmpty ? .notAskedYet : .noAnswer(to: tried)
    }
    return result
  }

  /// The links that announce some address together on one LAN, as the answers have shown: neighbours hear
  /// two hardware addresses for it.
  package func sharedLANs(among announced: [LinkID: [IPAddress]]) -> [[LinkID]] {
    var groups: [Set<LinkID>] = []
    for (link, witness) in witnesses {
      guard let own = announced[link], let others = announced[witness],
        !Set(own).isDisjoint(with: others)
      else { continue }
      let touching = groups.filter { !$0.isDisjoint(with: [link, witness]) }
      groups.removeAll { touching.contains($0) }
      groups.append(touching.reduce([link, witness]) { $0.union($1) })
    }
    return groups.map { $0.sorted { $0.index < $1.index } }.sorted { $0[0].index < $1[0].index }
  }
}
