internal import Announcer
internal import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import Time
internal import Wire

/// Giving addresses away while this node is well: an operator's wish, or the election's own.
extension Coordinator {
  /// An operator's wish, until somebody has the address or nobody took it.
  struct PendingHandOver {
    let address: IPAddress
    /// The node that was asked for; nil leaves it to the ranking.
    let to: String?
    let answer: CheckedContinuation<Response?, Never>
    let giveUpAt: Instant
    /// When the gate was shut for it.
    var silentAt: Instant?
  }

  /// Beyond the time for which this node stands back; the command waits a little longer.
  private static let patience = Duration.milliseconds(4500)

  /// Begins a hand-over, or says at once why there is none.
  mutating func beginHandOver(
    _ request: Request, _ answer: CheckedContinuation<Response?, Never>
  ) {
    guard let text = request.address, let address = IPAddress(text) else {
      return refuse("'\(request.address ?? "")' is not an IPv4 or IPv6 address", answer)
    }
    if let refusal = refusal(of: address, to: request.to) { return refuse(refusal, answer) }
    pendingHandOvers.append(
      PendingHandOver(
        address: address, to: request.to, answer: answer, giveUpAt: .now + Self.patience,
        silentAt: nil))
    lease.handOver(address, to: request.to)
  }

  private func refusal(of address: IPAddress, to node: String?) -> String? {
    guard assignments.addresses[address] != nil else {
      return "\(address) is not to be announced at all (see `announcements`)"
    }
    guard view.held[address] != nil else {
      let holder = view.holders[address].map { ": node \($0.node) holds it" } ?? ""
      return "this node (\(configuration.node)) does not hold \(address)\(holder)"
    }
    if view.handingOver.contains(address) { return "\(address) is being handed over already" }
    if view.heldWithoutLease.contains(address) {
      return "the lease store is away, through which \(address) would be handed over"
    }
    if node == configuration.node { return "\(address) is on \(configuration.node) already" }
    guard !view.nodes.isEmpty else { return "no other node is there to take \(address)" }
    if let node, !view.nodes.contains(node) {
      return "there is no node '\(node)'; there are: \(view.nodes.joined(separator: ", "))"
    }
    return nil
  }

  private func refuse(_ error: String, _ answer: CheckedContinuation<Response?, Never>) {
    answer.resume(returning: Response(version: version, error: error))
  }

  /// Tells the election that the gate is shut for what it wants to give up. It comes after `arm`,
  /// which has taken these addresses out.
  mutating func giveUp() {
    var yielding = view.yielding
    let claim = Duty.addressPools.claim
    // What is being written under it ends first, and then this is asked again.
    if yielding.contains(claim), !duty.shut() { yielding.remove(claim) }
    let yielded = yielding.subtracting(givenUp)
    givenUp = yielding
    guard !yielded.isEmpty else { return }
    for index in pendingHandOvers.indices where yielded.contains(pendingHandOvers[index].address) {
      pendingHandOvers[index].silentAt = .now
    }
    lease.giveUp(yielded)
  }

  /// Answers the operators whose hand-over has come to an end.
  mutating func settleHandOvers(at now: Instant) {
    var waiting: [PendingHandOver] = []
    for pending in pendingHandOvers {
      guard let response = outcome(of: pending, at: now) else {
        waiting.append(pending)
        continue
      }
      pending.answer.resume(returning: response)
    }
    pendingHandOvers = waiting
  }

  /// When to look again at hand-overs of which nothing is heard.
  var nextHandOver: Instant { pendingHandOvers.map(\.giveUpAt).min() ?? .distantFuture }

  private func outcome(of pending: PendingHandOver, at now: Instant) -> Response? {
    let address = pending.address
    if let silentAt = pending.silentAt, let holder = view.holders[address] {
      let handover = Handover(
        address: address.description, from: configuration.node, to: holder.node,
        tookMs: (now - silentAt).milliseconds)
      let astray = pending.to.map { $0 != holder.node } ?? false
      return Response(
        version: version,
        error: astray ? "\(address) went to \(holder.node), not to \(pending.to ?? "")" : nil,
        handover: handover)
    }
    if pending.silentAt != nil, view.held[address] != nil, !view.yielding.contains(address) {
      return Response(
        version: version,
        error: "no other node took \(address), and \(configuration.node) announces it again")
    }
    if now >= pending.giveUpAt {
      let trouble = view.error.map { ": \($0)" } ?? ""
      return Response(
        version: version, error: "\(address) was not handed over in time\(trouble)")
    }
    return nil
  }

  /// The daemon ends: whoever waits for a hand-over hears that everything is handed over.
  mutating func abandonHandOvers() {
    for pending in pendingHandOvers {
      pending.answer.resume(
        returning: Response(version: version, error: "this announcer is shutting down"))
    }
    pendingHandOvers = []
  }
}
