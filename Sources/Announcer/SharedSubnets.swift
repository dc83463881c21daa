internal import Wire

/// Which links that announce the same addresses have addresses of one subnet: without a frame sent, the sign
/// that they are on one LAN, where neighbours would be told several hardware addresses for one address.
struct SharedSubnets {
  /// What a link is in: a subnet of a routing domain (a VRF may use the same numbers again).
  private struct Place: Hashable {
    let network: IPAddress
    let prefixLength: Int
    let domain: Int32?
  }

  private var members: [Place: [Link]] = [:]

  init(_ links: [Link]) {
    for link in links {
      for entry in link.addresses {
        // A host route is no LAN, and every link has the link-local subnet.
        if entry.prefixLength >= (entry.address.isIPv6 ? 127 : 31) { continue }
        if case .v6(let address) = entry.address, address.isLinkLocal { continue }
        guard let range = IPRange(entry.address, prefixLength: entry.prefixLength) else { continue }
        let place = Place(
          network: range.lower, prefixLength: entry.prefixLength, domain: link.masterIndex)
        if members[place]?.contains(where: { $0.id == link.id }) == true { continue }
        members[place, default: []].append(link)
      }
    }
    members = members.filter { $0.value.count > 1 }
  }

  /// - Parameter sets: links that announce the same addresses, each set once.
  func notes(on sets: Set<Set<LinkID>>) -> [SelectionNote] {
    let places = members.sorted {
      ($0.key.network, $0.key.prefixLength) < ($1.key.network, $1.key.prefixLength)
    }
    var notes: [SelectionNote] = []
    for (place, links) in places {
      for set in sets {
        let names = links.filter { set.contains($0.id) }.map(\.name).sorted()
        guard names.count > 1 else { continue }
        let note = SelectionNote.sameSubnet(
          names: names, subnet: "\(place.network)/\(place.prefixLength)")
        if !notes.contains(note) { notes.append(note) }
      }
    }
    return notes
  }
}
