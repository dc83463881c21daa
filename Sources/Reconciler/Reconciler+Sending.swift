package import Announcer
package import Time
package import Wire

/// Whether what is to leave does leave: an address that is held where the kernel sends no frame of it is of no use to
/// anybody, and another node may do better.
extension Reconciler {
  /// Tries again where frames were refused.
  mutating func nextTrial(at now: Instant) -> Step? {
    for (way, address) in sending.due(at: now) {
      guard let from = links.first(where: { $0.id == way.link })?.hardwareAddress else { continue }
      return .trySending(way, address, from: from)
    }
    return nil
  }

  /// How a frame for a claim fared.
  ///
  /// - Parameter refusal: what the kernel said; nil where the frame left.
  /// - Returns: what has changed with it.
  package mutating func report(
    sending claim: Claim, refusal: String?, at now: Instant
  ) -> Sending.News? {
    if refusal == nil, sending.isQuiet { return nil }
    guard let link = wire.claims[claim]?.link else { return nil }
    return report(
      sending: Sending.Way(link: link, isIPv6: claim.address.isIPv6), claim.address,
      refusal: refusal, at: now)
  }

  /// How a frame for an address fared on its way.
  package mutating func report(
    sending way: Sending.Way, _ address: IPAddress, refusal: String?, at now: Instant
  ) -> Sending.News? {
    let news = sending.note(way, address, error: refusal, at: now)
    switch news {
    case .refused, .works(wasRefused: true): isReassessDue = true
    case .failed, .works, nil: break
    }
    return news
  }

  /// `links`, each with what is refused on it.
  package func mark(_ links: [Link]) -> [Link] { sending.mark(links) }
}
