internal import Announcer
internal import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import Reconciler
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
    parts.lease.driver.handOver(address, to: request.to)
  }

  private func refusal(of address: IPAddress, to node: String?) -> String? {
    guard assignments.addresses[address] != nil else {
      return "\(address) is not to be announced at all (see `announcements`)"
    }
    guard reconciler.view.held[address] != nil else {
      let holder = reconciler.view.holders[address].map { ": node \($0.node) holds it" } ?? ""
      return "this node (\(configuration.node)) does not hold \(address)\(holder)"
    }
    if reconciler.view.handingOver.contains(address) {
      return "\(address) is being handed over already"
    }
    if reconciler.view.heldWithoutLease.contains(address) {
      return "the lease store is away, through which \(address) would be handed over"
    }
    if node == configuration.node { return "\(address) is on \(configuration.node) already" }
    guard !reconciler.view.nodes.isEmpty else { return "no other node is there to take \(address)" }
    if let node, !reconciler.view.nodes.contains(node) {
      return
        "there is no node '\(node)'; there are: \(reconciler.view.nodes.joined(separator: ", "))"
    }
    return nil
  }

  private func refuse(_ error: String, _ answer: CheckedContinuation<Response?, Never>) {
    answer.resume(returning: Response(version: parts.version, error: error))
  }

  /// The gate is shut for these, and the election is about to be told.
  mutating func noteSilent(_ addresses: Set<IPAddress>) {
    for index in pendingHandOvers.indices where addresses.contains(pendingHandOvers[index].address)
    {
      pendingHandOvers[index].silentAt = .now
    }
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
    if let silentAt = pending.silentAt, let holder = reconciler.view.holders[address] {
      let handover = Handover(
        address: address.description, from: configuration.node, to: holder.node,
        tookMs: (now - silentAt).milliseconds)
      let astray = pending.to.map { $0 != holder.node } ?? false
      return Response(
        version: parts.version,
        error: astray ? "\(address) went to \(holder.node), not to \(pending.to ?? "")" : nil,
        handover: handover)
    }
    if pending.silentAt != nil, reconciler.view.held[address] != nil,
      !reconciler.view.yielding.contains(address)
    {
      return Response(
        version: parts.version,
        error: "no other node took \(address), and \(configuration.node) announces it again")
    }
    if now >= pending.giveUpAt {
      let trouble = reconciler.view.error.map { ": \($0)" } ?? ""
      return Response(
        version: parts.version, error: "\(address) was not handed over in time\(trouble)")
    }
    return nil
  }

  /// The daemon ends: whoever waits for a hand-over hears that everything is handed over.
  mutating func abandonHandOvers() {
    for pending in pendingHandOvers {
      pending.answer.resume(
        returning: Response(version: parts.version, error: "this announcer is shutting down"))
    }
    pendingHandOvers = []
  }
}
