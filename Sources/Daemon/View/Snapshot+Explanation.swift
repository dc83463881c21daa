internal import Announcer
internal import Cluster
internal import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import RawSocket
internal import Reconciler
internal import Time
internal import Wire

/// What `announcer explain` is told.
extension Snapshot {
  /// - Parameters:
  ///   - counts: what was sent for the address.
  ///   - services: what Services say of it.
  func explanation(
    of address: IPAddress, counts: AnswerCounts.Address?, services: [String],
    _ sources: [SourceStatus]
  ) -> Explanation {
    let isWanted = assignments.addresses[address] != nil
    var verdicts: [LinkID: Explanation.LinkVerdict] = [:]
    let requests = assignments.addresses[address].map { assignments.combinations[$0] } ?? []
    for verdict in requests.compactMap({ reconciler.serviceability?.selections[$0] }).flatMap(
      \.verdicts)
    {
      let reason = verdict.reason(for: address)
      let isArmed =
        reconciler.armed[Claim(address: address, interfaceIndex: verdict.link.index)] != nil
      let word: Explanation.Verdict =
        isArmed
        ? .announcing
        : reason == nil ? .eligible : verdict.state == .down ? .down : .skipped
      if let known = verdicts[verdict.link], known.reason == nil { continue }
      verdicts[verdict.link] = Explanation.LinkVerdict(
        name: verdict.name, verdict: word, reason: reason?.description,
        matchedBy: verdict.matchedBy.map(\.text))
    }
    let links = verdicts.sorted { $0.key.index < $1.key.index }.map(\.value)
    let claims = reconciler.armed.keys.filter { $0.address == address }
    let unreadable = unreadableNotes(sources)
    return Explanation(
      version: version, node: configuration.node, asked: address.description,
      address: isWanted
        ? addressStatus(
          address, claims, counts,
          reconciler.occupant(of: address) ?? reconciler.defence.latest(for: address))
        : nil,
      links: links, isMentioned: !isWanted && !(services.isEmpty && unreadable.isEmpty),
      notes: (isWanted ? [] : holderNote(address)) + services + (isWanted ? [] : unreadable)
        + (isWanted ? nodeNotes : [])
        + (warnings[.cluster] + conflictWarnings + warnings[.audit]).filter {
          $0.contains(address.description)
        })
  }

  /// Who has an address that is none of ours, as far as the store has told.
  private func holderNote(_ address: IPAddress) -> [String] {
    view.holders[address].map { ["In the lease store it is held by \($0.node)"] } ?? []
  }

  /// What decides about this node in place of its Node.
  private var nodeNotes: [String] { [clusterOutcome.nodeNote].compactMap(\.self) }

  /// What one Service asks for, and why not for more.
  ///
  /// - Parameters:
  ///   - standings: the Service, in each place that has it.
  ///   - counts: what was sent for an address.
  func explanation(
    of name: ObjectName, _ standings: [ServiceStanding], _ sources: [SourceStatus],
    counts: (IPAddress) -> AnswerCounts.Address?
  ) -> Explanation {
    let services = standings.map { standing in
      let place = standing.place ?? "from the API server"
      return ServiceStatus(
        service: name.description, place: place, wantsAnnouncing: standing.wantsAnnouncing,
        addresses: standing.addresses.filter { assignments.addresses[$0] != nil }.map { address in
          addressStatus(
            address, reconciler.armed.keys.filter { $0.address == address },
            counts(address),
            reconciler.occupant(of: address) ?? reconciler.defence.latest(for: address))
        },
        reasons: standing.reasons.map(\.description))
    }
    let isSettled = services.contains { !$0.addresses.isEmpty }
    return Explanation(
      version: version, node: configuration.node, asked: name.description, services: services,
      notes: nodeNotes + (isSettled ? [] : unreadableNotes(sources)))
  }

  /// Why something may be missing from what is wanted: sources that have not told all they have, files and
  /// policies that cannot be read. The first few.
  private func unreadableNotes(_ sources: [SourceStatus]) -> [String] {
    let silent = sources.compactMap { source -> String? in
      switch source.state {
      case .waiting: "\(source.name) (\(source.place)) has not told all it has yet"
      case .failing: "\(source.name) (\(source.place)) is not heard: \(source.error ?? "")"
      default: nil
      }
    }
    let notes = silent + clusterOutcome.faults
    let shown = notes.prefix(Self.shownNotes)
    let others = notes.count - shown.count
    return shown + (others > 0 ? ["and \(others) more, which `announcer status` lists"] : [])
  }

  private static let shownNotes = 5
}
