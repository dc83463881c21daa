package import Time
package import Wire

/// On which links the kernel sends none of our frames: held, armed, and yet heard by nobody (wire.md §3.6).
///
/// Rules of a packet filter refuse them for good, a full queue for a moment, and the kernel's answer is the
/// same (ENOBUFS, `net_xmit_errno`). Time tells them apart: what fails is tried again, and refused is what has
/// not worked once meanwhile. Each family for itself, since filters tell ARP from IPv6.
///
/// Pure: it is told how each frame fared, and says what to try when.
package struct Sending: Sendable {
  /// One family on one link.
  package struct Way: Hashable, Sendable {
    package let link: LinkID
    package let isIPv6: Bool

    package init(link: LinkID, isIPv6: Bool) {
      self.link = link
      self.isIPv6 = isIPv6
    }
  }

  /// What has changed with the last frame.
  package enum News: Hashable, Sendable {
    /// A frame was refused, for the first time since one left.
    case failed
    /// None has left for `patience`: what is held here is held in vain.
    case refused
    /// One has left again; `wasRefused` where it was given up before.
    case works(wasRefused: Bool)
  }

  private struct Trouble: Hashable, Sendable {
    var since: Instant
    /// What to try again with.
    var address: IPAddress
    /// What the kernel said last.
    var error: String
    var isRefused = false
    var tryAt: Instant
  }

  /// For how long nothing has left before a link is given up: longer than a burst fills a queue.
  package static let patience = Duration.seconds(3)
  /// Between two tries before that.
  private static let retryInterval = Duration.milliseconds(500)
  /// Between two tries after that.
  private static let refusedInterval = Duration.seconds(5)

  private var troubles: [Way: Trouble] = [:]

  package init() {}

  /// Takes note of a frame for `address` on its way.
  ///
  /// - Parameter error: what the kernel said; nil where the frame left.
  package mutating func note(
    _ way: Way, _ address: IPAddress, error: String?, at now: Instant
  ) -> News? {
    guard let error else {
      return troubles.removeValue(forKey: way).map { .works(wasRefused: $0.isRefused) }
    }
    guard var trouble = troubles[way] else {
      troubles[way] = Trouble(
        since: now, address: address, error: error, tryAt: now + Self.retryInterval)
      return .failed
    }
    trouble.error = error
    trouble.address = address
    let isNews = !trouble.isRefused && now - trouble.since >= Self.patience
    if isNews { trouble.isRefused = true }
    trouble.tryAt = now + (trouble.isRefused ? Self.refusedInterval : Self.retryInterval)
    troubles[way] = trouble
    return isNews ? .refused : nil
  }

  /// What is to be tried now, with the address whose frame failed last.
  package func due(at now: Instant) -> [(way: Way, address: IPAddress)] {
    troubles.filter { $0.value.tryAt <= now }.map { ($0.key, $0.value.address) }
      .sorted { ($0.way.link.index, $0.address) < ($1.way.link.index, $1.address) }
  }

  /// Whether everything that was to leave has left.
  package var isQuiet: Bool { troubles.isEmpty }

  /// When something is to be tried.
  package var nextDue: Instant { troubles.values.map(\.tryAt).min() ?? .distantFuture }

  /// Forgets links that are gone, and those that cannot carry anything anyway.
  package mutating func keep(_ links: [Link]) {
    let ids = Set(links.lazy.filter(\.canCarry).map(\.id))
    troubles = troubles.filter { ids.contains($0.key.link) }
  }

  /// `links`, each with what is refused on it.
  package func mark(_ links: [Link]) -> [Link] {
    if troubles.isEmpty { return links }
    return links.map { link in
      var link = link
      link.refusedARP = refusal(of: Way(link: link.id, isIPv6: false))
      link.refusedNDP = refusal(of: Way(link: link.id, isIPv6: true))
      return link
    }
  }

  /// What the kernel says to frames of a way that it has refused for long; nil where it sends them.
  package func refusal(of way: Way) -> String? {
    troubles[way].flatMap { $0.isRefused ? $0.error : nil }
  }
}
