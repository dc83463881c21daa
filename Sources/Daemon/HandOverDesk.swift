internal import Control
internal import Lease
internal import Time
internal import Wire

/// Operators who wait for a hand-over that they asked for, until another node has the address or none took it.
///
/// Pure but for the answers: told what the election says, it answers whose hand-over has come to an end.
struct HandOverDesk: Sendable {
  typealias Answer = @Sendable (Response) -> Void

  private struct Pending: Sendable {
    let address: IPAddress
    /// The node that was asked for; nil leaves it to the ranking.
    let to: String?
    let answer: Answer
    let giveUpAt: Instant
    /// When the gate was shut for it.
    var silentAt: Instant?
  }

  /// Beyond the time for which this node stands back; the command waits a little longer.
  static let patience = Duration.milliseconds(4500)

  let version: String
  private var pending: [Pending] = []

  init(version: String) {
    self.version = version
  }

  /// When to look again at hand-overs of which nothing is heard.
  var nextDue: Instant { pending.map(\.giveUpAt).min() ?? .distantFuture }

  /// Why `address` cannot be handed over now; nil where it can.
  ///
  /// - Parameter destination: the node that was asked for; nil leaves it to the ranking.
  static func refusal(
    of address: IPAddress, to destination: String?, isWanted: Bool, node: String, _ view: LeaseView
  ) -> String? {
    guard isWanted else { return "\(address) is not to be announced at all (see `announcements`)" }
    guard view.held[address] != nil else {
      let holder = view.holders[address].map { ": node \($0.node) holds it" } ?? ""
      return "this node (\(node)) does not hold \(address)\(holder)"
    }
    if view.handingOver.contains(address) { return "\(address) is being handed over already" }
    if view.heldWithoutLease.contains(address) {
      return "the lease store is away, through which \(address) would be handed over"
    }
    if destination == node { return "\(address) is on \(node) already" }
    guard !view.nodes.isEmpty else { return "no other node is there to take \(address)" }
    if let destination, !view.nodes.contains(destination) {
      return "there is no node '\(destination)'; there are: \(view.nodes.joined(separator: ", "))"
    }
    return nil
  }

  /// A hand-over has begun, and `answer` waits for its end.
  mutating func begin(
    _ address: IPAddress, to destination: String?, at now: Instant, _ answer: @escaping Answer
  ) {
    pending.append(
      Pending(
        address: address, to: destination, answer: answer, giveUpAt: now + Self.patience,
        silentAt: nil))
  }

  /// The gate is shut for these, and the election is about to be told.
  mutating func noteSilent(_ addresses: Set<IPAddress>, at now: Instant) {
    for index in pending.indices where addresses.contains(pending[index].address) {
      pending[index].silentAt = now
    }
  }

  /// Answers the operators whose hand-over has come to an end.
  mutating func settle(_ view: LeaseView, node: String, at now: Instant) {
    pending = pending.filter { pending in
      guard let response = outcome(of: pending, view, node: node, at: now) else { return true }
      pending.answer(response)
      return false
    }
  }

  /// The daemon ends: it hands everything over, and waits for no hand-over.
  mutating func abandon() {
    for pending in pending {
      pending.answer(Response(version: version, error: "this announcer is shutting down"))
    }
    pending = []
  }

  /// Nil where it is still awaited.
  private func outcome(
    of pending: Pending, _ view: LeaseView, node: String, at now: Instant
  ) -> Response? {
    let address = pending.address
    if let silentAt = pending.silentAt, let holder = view.holders[address] {
      let handover = Handover(
        address: address.description, from: node, to: holder.node,
        tookMs: (now - silentAt).milliseconds)
      let astray = pending.to.map { $0 != holder.node } ?? false
      return Response(
        version: version,
        error: astray ? "\(address) went to \(holder.node), not to \(pending.to ?? "")" : nil,
        handover: handover)
    }
    if pending.silentAt != nil, view.held[address] != nil, !view.yielding.contains(address) {
      return Response(
        version: version, error: "no other node took \(address), and \(node) announces it again")
    }
    if now >= pending.giveUpAt {
      let trouble = view.error.map { ": \($0)" } ?? ""
      return Response(
        version: version, error: "\(address) was not handed over in time\(trouble)")
    }
    return nil
  }
}
