package import Announcer
package import Wire

/// Addresses that are asked for together, as they are written, and where they would be announced.
package struct AnnouncedEntry: Hashable, Sendable {
  package let origin: String
  package let ranges: [IPRange]
  /// Indices of the links that would serve it.
  package let links: Set<Int32>

  package init(origin: String, ranges: [IPRange], links: Set<Int32>) {
    self.origin = origin
    self.ranges = ranges
    self.links = links
  }

  /// The subnets of these links that a range of this entry covers whole, but for its first and last address
  /// at most.
  private func subnets(among links: [Link]) -> [(link: Link, range: IPRange, subnet: IPRange)] {
    links.filter { self.links.contains($0.id.index) }.flatMap { link in
      link.subnets.filter { $0.count > 2 }.flatMap { subnet in
        ranges.filter { range in
          range.lower.isIPv6 == subnet.lower.isIPv6 && range.lower <= subnet.lower.next
            && subnet.upper.previous <= range.upper
        }.map { (link, $0, subnet) }
      }
    }
  }

  /// Warnings about entries that have a whole subnet of a link: its hosts' addresses too. The length of a prefix
  /// behind an address means the subnet elsewhere, and is written here for the one address.
  ///
  /// - Parameter taken: what is left out of it, because it is known to be something else.
  package static func warnings(
    _ entries: [AnnouncedEntry], on links: [Link], taken: [IPAddress: AddressRole]
  ) -> [HostWarning] {
    var seen: Set<String> = []
    let links = links.sorted { $0.id.index < $1.id.index }
    return entries.flatMap { entry in
      entry.subnets(among: links).compactMap { link, range, subnet in
        let leftOut = taken.filter { range.contains($0.key) }.sorted { $0.key < $1.key }
          .map { "\($0.key) (\($0.value))" }
        let shown = leftOut.prefix(5).joined(separator: ", ")
        let more = leftOut.count > 5 ? " and \(leftOut.count - 5) more" : ""
        let rest = leftOut.isEmpty ? "" : "; left out are \(shown)\(more)"
        let message =
          "\(entry.origin) has all of \(range), the subnet of \(link.name): what hosts there have would be taken "
          + "from them; write the addresses that are free\(rest)"
        guard seen.insert(message).inserted else { return nil }
        return HostWarning(kind: .wholeSubnet, link: link.name, message: message)
      }
    }
  }

  /// Whether a range of this entry that has `address` is a whole subnet of a link.
  package func isWholeSubnet(around address: IPAddress, on links: [Link]) -> Bool {
    subnets(among: links).contains { $0.range.contains(address) }
  }
}

extension IPAddress {
  fileprivate var next: IPAddress { moved(by: 1) }
  fileprivate var previous: IPAddress { moved(by: -1) }

  private func moved(by step: Int) -> IPAddress {
    switch self {
    case .v4(let address):
      .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: Int(address.rawValue) + step)))
    case .v6(let address):
      .v6(IPv6Address(rawValue: step > 0 ? address.rawValue &+ 1 : address.rawValue &- 1))
    }
  }
}
