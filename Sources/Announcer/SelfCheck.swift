package import Wire

/// Whether this node's own addresses are answered for, as somebody else on the LAN would find them:
/// which questions to ask from which other link of the node, and what the answers mean.
///
/// A second link is a witness once an answer has come back to it: before that, silence may as well
/// mean that it leads elsewhere, and the link counts as not checked. From then on silence is a failure.
/// Pure: who asks is the shell's business.
package struct SelfCheck: Sendable {
  /// Ask from `witness` who has `addresses`, which are announced on `link`.
  package struct Question: Hashable, Sendable {
    package let link: LinkID
    package let witness: LinkID
    package let addresses: [IPAddress]
  }

  /// An address that nobody answered for though this node announces it.
  package struct Failure: Hashable, Sendable {
    package let address: IPAddress
    package let link: LinkID
    package let witness: LinkID
    /// Who answered instead.
    package let others: [MACAddress]
    /// For how many rounds in a row. The first may be bad luck: a machine that was busy for a second.
    package let rounds: Int
  }

  /// Why nothing can be said of a link from outside.
  package enum Unchecked: Hashable, Sendable {
    case noSecondLink
    /// The only other links, which have the same hardware address: it could not be told who answers.
    case sameHardwareAddress([LinkID])
    /// These were asked from in vain.
    case noAnswer(to: [LinkID])
    /// Its turn has not come.
    case notAskedYet
  }

  /// How many addresses of a link are asked for in one round; all have their turn.
  package static let addressesPerRound = 32

  /// The link that has heard the answers of another before.
  package private(set) var witnesses: [LinkID: LinkID] = [:]
  private var failing: [Claim: Failure] = [:]
  private var lastTried: [LinkID: LinkID] = [:]
  /// Links from which a question was asked and not answered, before there was a witness.
  private(set) var triedInVain: [LinkID: Set<LinkID>] = [:]
  private var cursors: [LinkID: IPAddress] = [:]

  package init() {}

  /// What has failed twice in a row, by address.
  package var failures: [Failure] {
    failing.values.filter { $0.rounds > 1 }
      .sorted { ($0.address, $0.link.index) < ($1.address, $1.link.index) }
  }

  /// Something failed once: it is to be asked for again soon.
  package var isInDoubt: Bool { failing.values.contains { $0.rounds == 1 } }

  /// What to ask now.
  ///
  /// - Parameters:
  ///   - announced: what is armed, by link.
  ///   - candidates: links that may ask, by index.
  ///   - twins: for each link, those with the same hardware address, which cannot ask about it.
  ///   - fresh: addresses that were gained since the last round; they go first.
  package mutating func questions(
    about announced: [LinkID: [IPAddress]], from candidates: [LinkID],
    twins: [LinkID: Set<LinkID>] = [:], fresh: Set<IPAddress>
  ) -> [Question] {
    forget(allBut: announced, candidates)
    return announced.sorted { $0.key.index < $1.key.index }.compactMap { link, addresses in
      let others = candidates.filter { !(twins[link] ?? []).contains($0) }
      guard let witness = witnesses[link] ?? next(for: link, others) else { return nil }
      // One question is enough to learn whether the links are on one LAN.
      let count = witnesses[link] == nil ? 1 : Self.addressesPerRound
      let chosen = choose(count, of: addresses, on: link, fresh)
      return chosen.isEmpty ? nil : Question(link: link, witness: witness, addresses: chosen)
    }
  }

  /// - Parameters:
  ///   - answers: who answered, for the addresses that are still announced as they were when asked.
  ///   - expected: the hardware address that neighbours must hear.
  package mutating func report(
    _ answers: [IPAddress: Set<MACAddress>], to question: Question, expected: MACAddress
  ) {
    if answers.values.contains(where: { $0.contains(expected) }) {
      witnesses[question.link] = question.witness
      triedInVain[question.link] = nil
    }
    guard witnesses[question.link] == question.witness else {
      triedInVain[question.link, default: []].insert(question.witness)
      return
    }
    for (address, stations) in answers {
      let claim = Claim(address: address, interfaceIndex: question.link.index)
      failing[claim] =
        stations.contains(expected)
        ? nil
        : Failure(
          address: address, link: question.link, witness: question.witness,
          others: stations.sorted { $0.rawValue < $1.rawValue },
          rounds: (failing[claim]?.rounds ?? 0) + 1)
    }
  }

  /// What is no longer announced cannot fail; without its witness nothing can be said of a link.
  private mutating func forget(
    allBut announced: [LinkID: [IPAddress]], _ candidates: [LinkID]
  ) {
    witnesses = witnesses.filter { announced[$0.key] != nil && candidates.contains($0.value) }
    lastTried = lastTried.filter { announced[$0.key] != nil }
    triedInVain = triedInVain.filter { announced[$0.key] != nil }
      .mapValues { $0.intersection(candidates) }
    cursors = cursors.filter { announced[$0.key] != nil }
    failing = failing.filter { claim, failure in
      witnesses[failure.link] == failure.witness
        && announced[failure.link]?.contains(claim.address) == true
    }
  }

  /// The candidate to try after the last one that was tried in vain.
  private mutating func next(for link: LinkID, _ candidates: [LinkID]) -> LinkID? {
    let others = candidates.filter { $0 != link }
    let last = lastTried[link]
    let next = others.first { last == nil || $0.index > last!.index } ?? others.first
    lastTried[link] = next
    return next
  }

  /// What failed, then what is fresh, then those whose turn it is.
  private mutating func choose(
    _ count: Int, of addresses: [IPAddress], on link: LinkID, _ fresh: Set<IPAddress>
  ) -> [IPAddress] {
    let sorted = addresses.sorted()
    let failed = sorted.filter {
      failing[Claim(address: $0, interfaceIndex: link.index)] != nil
    }
    let urgent = failed + sorted.filter { fresh.contains($0) && !failed.contains($0) }
    var chosen = Array(urgent.prefix(count))
    let cursor = cursors[link]
    let start = cursor.flatMap { cursor in sorted.firstIndex { $0 > cursor } } ?? 0
    for address in sorted[start...] + sorted[..<start] where chosen.count < count {
      guard !chosen.contains(address) else { continue }
      chosen.append(address)
      cursors[link] = address
    }
    return chosen
  }
}
