/// Which links a set of patterns chooses, and why not the others.
///
/// A function of the patterns and of the set of links alone: neither the order of the links nor what
/// happened before has a say, so that two passes over one state never disagree.
package struct InterfaceSelection: Hashable, Sendable {
  /// One for every link of the node, by index.
  package let verdicts: [LinkVerdict]
  /// About the patterns, in their order.
  package let notes: [SelectionNote]

  /// - Parameters:
  ///   - patterns: joined by "or"; none at all means every eligible link.
  ///   - narrower: an announcement's own patterns, which a link must match besides; none means no
  ///     further condition. Either list may name a link exactly.
  ///   - links: all links of the node, matched or not: masters and parents have a say.
  package init(
    patterns: [InterfacePattern], narrowedBy narrower: [InterfacePattern] = [], links: [Link]
  ) {
    let links = links.sorted { $0.id.index < $1.id.index }
    let names = links.map(\.name)
    let eligibility = LinkEligibility(links)
    let wide = patterns.map { names.map($0.matches) }
    let narrow = narrower.map { names.map($0.matches) }

    var candidates = links.indices.map { position in
      let name = names[position]
      let matchedWide = patterns.indices.filter { wide[$0][position] }.map { patterns[$0] }
      let matchedNarrow = narrower.indices.filter { narrow[$0][position] }.map { narrower[$0] }
      let matchedBy = matchedWide + matchedNarrow.filter { !matchedWide.contains($0) }
      let isExact = matchedBy.contains { $0.names(exactly: name) }
      let exclusion: SkipReason? =
        if !patterns.isEmpty && matchedWide.isEmpty {
          .noPatternMatches
        } else if !narrower.isEmpty && matchedNarrow.isEmpty {
          .outsideTheNarrowerPatterns
        } else {
          eligibility.exclusion(of: links[position], isNamedExactly: isExact)
        }
      return Candidate(
        link: links[position], matchedBy: matchedBy, isNamedExactly: isExact, exclusion: exclusion)
    }
    Self.settleSharedLANs(among: &candidates, eligibility)

    verdicts = candidates.map { $0.verdict(eligibility) }
    notes =
      zip(patterns + narrower, wide + narrow).compactMap { pattern, matches in
        let matched = zip(names, matches).filter(\.1).map(\.0)
        if matched.isEmpty { return .matchesNothing(pattern, among: names) }
        return pattern.isUnanchored && matched.count > 1
          ? .matchesSeveral(pattern, names: matched.sorted()) : nil
      }
  }

  /// The verdict on one life of a link; nil where there is no such link (any more).
  package func verdict(on link: LinkID) -> LinkVerdict? {
    verdicts.first { $0.link == link }
  }

  /// A link on its way to its verdict.
  private struct Candidate {
    let link: Link
    let matchedBy: [InterfacePattern]
    let isNamedExactly: Bool
    var exclusion: SkipReason?

    func verdict(_ eligibility: LinkEligibility) -> LinkVerdict {
      let arp = eligibility.arpExclusion(of: link)
      let ndp = eligibility.ndpExclusion(of: link)
      // With neither family there is nothing to do here, whatever the state.
      let excluded = exclusion ?? (ndp == nil ? nil : arp)
      let impediment = excluded == nil ? eligibility.impediment(of: link) : nil
      let reason = excluded ?? impediment
      return LinkVerdict(
        link: link.id, name: link.name,
        state: excluded != nil ? .skipped : impediment != nil ? .down : .active,
        reason: reason,
        arpReason: reason ?? arp ?? eligibility.refusal(of: link, isIPv6: false),
        ndpReason: reason ?? ndp ?? eligibility.refusal(of: link, isIPv6: true),
        matchedBy: matchedBy)
    }
  }

  /// Of a parent and its macvlan or ipvlan children, keeps one: a child that is named exactly, else
  /// the parent, else the child with the lowest index. Two of them would answer one question with
  /// two hardware addresses, and neighbours would flap between them.
  private static func settleSharedLANs(
    among candidates: inout [Candidate], _ eligibility: LinkEligibility
  ) {
    var children: [Int32: [Int]] = [:]
    for position in candidates.indices where candidates[position].exclusion == nil {
      if let parent = eligibility.parentOnSameLAN(of: candidates[position].link) {
        children[parent, default: []].append(position)
      }
    }
    for (parent, family) in children.sorted(by: { $0.key < $1.key }) {
      let parentPosition = candidates.firstIndex {
        $0.link.id.index == parent && $0.exclusion == nil
      }
      // By index, since the candidates are.
      let winner =
        family.first { candidates[$0].isNamedExactly } ?? parentPosition ?? family[0]
      for position in family + (parentPosition.map { [$0] } ?? []) where position != winner {
        candidates[position].exclusion = .sameLAN(
          as: candidates[winner].link.name, name: candidates[position].link.name)
      }
    }
  }
}
