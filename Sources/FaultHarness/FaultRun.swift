internal import FaultCheckers
internal import LANTestKit
internal import LinuxSystem
internal import Time
internal import Wire

/// One planting of a fault: what its description is written in.
final class FaultRun {
  let stage: Stage
  let observer: LANObserver
  /// How often it was planted before in this set-up.
  let index: Int
  /// The node that answered for the first address when it began.
  let victim: Node
  let start: Instant
  /// From when on the gap is measured, where not from the start.
  var gapStart: Instant?
  /// When the fault was over; nil for when its description ended.
  private(set) var healed: Instant?
  private(set) var silences: [Trial.Silence] = []
  private(set) var notes: [String] = []
  private(set) var complaints: [String] = []

  init(stage: Stage, observer: LANObserver, index: Int) throws {
    self.stage = stage
    self.observer = observer
    self.index = index
    let speaker = observer.lastSpeaker(
      of: stage.layout.addresses[0], among: Set(stage.stations.keys))
    guard let victim = stage.nodes.first(where: { $0.mac == speaker }) else {
      throw HarnessError("nobody answers for \(stage.layout.addresses[0])")
    }
    self.victim = victim
    start = .now
  }

  var addresses: [IPAddress] { stage.layout.addresses }
  var timing: Timing { stage.layout.timing }
  var others: [Node] { stage.nodes.filter { $0.name != victim.name } }

  func note(_ text: String) { notes.append(text) }

  /// Says that something besides the usual did not hold.
  func complain(_ text: String) { complaints.append(text) }

  /// Lets a part of the fault last; never to wait for something that can be seen.
  func last(_ duration: Duration) async throws { try await Task.sleep(for: duration) }

  /// Says that the fault is over.
  func heal() { healed = .now }

  /// Nobody, or not this node, may be heard from an instant until now.
  func mustHaveBeenSilent(
    _ node: Node?, about address: IPAddress? = nil, from: Instant, _ reason: String
  ) {
    silences.append(
      Trial.Silence(
        station: node?.mac, address: address, from: from, until: .now, reason: reason))
  }

  /// Waits until each of `addresses` was asserted by one of `nodes` since `since`.
  func waitForAnswers(
    _ addresses: [IPAddress]? = nil, from nodes: [Node], since: Instant,
    within limit: Duration
  ) async throws {
    var missing = addresses ?? self.addresses
    let heard = try await timeUntil(within: limit) {
      try Task.checkCancellation()
      missing.removeAll { address in
        nodes.contains { node in
          observer.lastHeard(address, from: node.mac).map { $0 > since } ?? false
        }
      }
      return missing.isEmpty
    }
    guard heard != nil else {
      throw HarnessError(
        "\(missing.count) addresses (\(missing[0]) …) are not answered by "
          + "\(nodes.map(\.name).joined(separator: " or ")) after \(limit)")
    }
  }

  /// Waits until other nodes than the victim answer for everything.
  func waitForTakeover(since: Instant, within limit: Duration? = nil) async throws {
    try await waitForAnswers(
      from: others, since: since, within: limit ?? timing.crashBound + .seconds(8))
  }

  /// Starts the victim again and waits until it is ready.
  func restartVictim() async throws {
    try victim.start()
    try await victim.waitUntilReady(within: timing.crashBound + .seconds(15))
  }
}
