package import Announcer
package import Wire

/// What the cluster asks this node to announce, in the form that the rest of the program knows, and who
/// asks for it.
package struct Wishes: Sendable {
  /// One for each set of terms, however many Services share it: all that is decided later is decided
  /// once for each request, and ten thousand Services come to a handful.
  package private(set) var requests: [AnnouncementRequest] = []
  private var owners: [IPAddress: Owners] = [:]

  /// Most addresses have one owner, and need no array for it.
  private struct Owners: Sendable {
    var first: Owner
    var others: [Owner] = []

    func haveServices(of other: Owners) -> Bool {
      if others.isEmpty, other.others.isEmpty { return first.service == other.first.service }
      return Set(([first] + others).map(\.service))
        == Set(([other.first] + other.others).map(\.service))
    }
  }

  /// A Service that wants an address, and by which policies.
  private struct Owner: Sendable {
    let service: ObjectKey
    let place: String?
    let policies: [ObjectKey]
  }

  /// The origin of every request here: who stands behind an address says `origins(of:)`.
  package static let origin = "cluster"

  /// Nothing is asked for.
  package init() {}

  init(_ selection: Selection) {
    var addresses: [ServiceDecision.Terms: [IPAddress]] = [:]
    owners.reserveCapacity(selection.services.count)
    for (key, entry) in selection.services {
      for wish in entry.decision.wishes {
        addresses[wish.terms, default: []].append(wish.address)
        let owner = Owner(service: key, place: entry.service.place, policies: wish.policies)
        if owners[wish.address]?.others.append(owner) == nil {
          owners[wish.address] = Owners(first: owner)
        }
      }
    }
    requests = addresses.map { terms, addresses in
      AnnouncementRequest(
        origin: Self.origin, ranges: Self.ranges(addresses),
        patterns: selection.settings.interfaces, narrower: terms.patterns,
        obstacle: terms.obstacle)
    }
    .map { (Self.order($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Who wants `address`: `service default/web (policy lan)`, in a fixed order.
  package func origins(of address: IPAddress) -> [String] {
    guard let owners = owners[address] else { return [] }
    return ([owners.first] + owners.others).sorted { $0.service < $1.service }.map { owner in
      let names = owner.policies.map { key in
        key == Selection.defaultPolicyKey ? "default policy" : "policy \(key.name)"
      }
      let place = owner.place.map { ", \($0)" } ?? ""
      return "service \(owner.service.name) (\(names.joined(separator: ", ")))\(place)"
    }
  }

  /// The policies by which `address` is wanted.
  package func policies(of address: IPAddress) -> [ObjectKey] {
    guard let owners = owners[address] else { return [] }
    return Set(([owners.first] + owners.others).flatMap(\.policies)).sorted()
  }

  /// Which Services want `address`: whom an event about it concerns.
  package func services(of address: IPAddress) -> [ObjectKey] {
    guard let owners = owners[address] else { return [] }
    return ([owners.first] + owners.others).map(\.service).sorted()
  }

  /// The addresses that other Services want than before, in no order.
  package func addressesWithOtherServices(than before: Wishes) -> [IPAddress] {
    let changed = owners.keys.filter { address in
      !(before.owners[address].map { owners[address]?.haveServices(of: $0) ?? false } ?? false)
    }
    return changed + before.owners.keys.filter { owners[$0] == nil }
  }

  /// How many addresses are asked for.
  package var count: Int { owners.count }

  /// The addresses in order, neighbours joined.
  private static func ranges(_ addresses: [IPAddress]) -> [IPRange] {
    var ranges: [IPRange] = []
    for address in addresses.sorted() {
      if let last = ranges.last, last.contains(address) { continue }
      if let last = ranges.last, last.upper.isIPv6 == address.isIPv6,
        last.upper.number + 1 == address.number, let longer = IPRange(last.lower, address)
      {
        ranges[ranges.count - 1] = longer
      } else {
        ranges.append(IPRange(address))
      }
    }
    return ranges
  }

  /// A fixed order of requests: those that may be announced here come first.
  private static func order(_ request: AnnouncementRequest) -> String {
    let patterns = request.narrower.map(\.text).joined(separator: "\u{0}")
    return request.obstacle.map { "1\($0)\u{0}\(patterns)" } ?? "0\(patterns)"
  }
}

extension Selection {
  /// What is asked for now. Worth calling again only when `revision` has changed.
  package var wishes: Wishes { Wishes(self) }
}
