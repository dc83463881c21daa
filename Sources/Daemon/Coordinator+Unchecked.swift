internal import Announcer
internal import Configuration
internal import Control
internal import LinuxSystem
internal import Reconciler
internal import Time
internal import Wire

/// What the self-check says beside "passed" and "failed": that nothing was asked and why, that links hear nothing, that
/// links share a LAN.
extension Coordinator {
  /// Says of which links nothing is known from outside, and why.
  mutating func noteUnchecked() {
    guard configuration.selfCheck.interval != nil else { return }
    let candidates = askers()
    let announcing = announcingLinks.map(\.id)
    let unchecked = selfChecking.check.unchecked(
      announcing, from: candidates.map(\.id), twins: twins(among: candidates))
    selfChecking.unchecked = Dictionary(
      unchecked.map { (name(of: $0.key.index), words(for: $0.value)) },
      uniquingKeysWith: { first, _ in first })
    selfChecking.outside = outside(unchecked, of: announcing.count)
  }

  private func outside(
    _ unchecked: [LinkID: SelfCheck.Unchecked], of count: Int
  ) -> SelfChecking.Outside {
    if reconciler.armed.isEmpty { return .unknown("nothing is announced on this node") }
    if selfChecking.wasInDoubt {
      return .unknown("the lease was in doubt meanwhile, and nothing was answered")
    }
    guard unchecked.count == count else { return .known }
    if unchecked.values.contains(.notAskedYet) { return .pending }
    let reasons = Set(selfChecking.unchecked.values)
    if let only = reasons.first, reasons.count == 1 { return .unknown(only) }
    return .unknown(
      selfChecking.unchecked.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        .joined(separator: "; "))
  }

  private func words(for unchecked: SelfCheck.Unchecked) -> String {
    func names(_ links: [LinkID]) -> String {
      links.map { name(of: $0.index) }.joined(separator: ", ")
    }
    return switch unchecked {
    case .noSecondLink: "no second interface to ask from"
    case .sameHardwareAddress(let links):
      "no second interface to ask from: \(names(links)) has the same hardware address"
    case .noAnswer(let links): "no answer came to \(names(links)), which may lead to another LAN"
    case .notAskedYet: "not asked yet"
    }
  }

  /// Links that hear nothing, and links that share a LAN: said when it begins.
  mutating func noteWarnings(received: [Int32: UInt64]) {
    let announced = announcedByLink
    let deaf = selfChecking.hearing.judge(announcingLinks, received: received, at: .now)
    selfChecking.sharedLANs = selfChecking.check.sharedLANs(among: announced)
      .map { links in links.map { name(of: $0.index) } }
    let warnings =
      selfChecking.sharedLANs.map { names in
        "\(names.dropLast().joined(separator: ", ")) and \(names.last ?? "") are on one LAN and "
          + "announce the same addresses, so that neighbours are told several hardware addresses for one "
          + "address: leave one of them to `interfaces`, or make a bond of them"
      }
      + deaf.map { link in
        "\(name(of: link.index)) has received no frame since it came up, so that nobody can ask here: look at "
          + "the cable, the switch's port and its VLAN"
      }
    for warning in warnings where !selfChecking.warnings.contains(warning) {
      parts.log.warn(warning)
    }
    selfChecking.warnings = warnings
  }
}
