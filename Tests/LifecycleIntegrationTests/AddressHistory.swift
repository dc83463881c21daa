import KubernetesTestKit

/// Which Services had which addresses, change by change: a moment with one address on two is not missed.
struct AddressHistory {
  /// An address that several Services had.
  struct Clash: CustomStringConvertible {
    let address: String
    var services: Set<String>
    let begin: ContinuousClock.Instant
    /// Nil where it goes on.
    var end: ContinuousClock.Instant?

    var duration: Duration { (end ?? .now) - begin }
    var description: String { "\(address): \(services.sorted()) for \(duration)" }
  }

  private(set) var clashes: [Clash] = []
  /// Services that had an address and then had not, or another one.
  private(set) var moves: [String] = []

  init(_ server: APIServer) {
    var held: [String: Set<String>] = [:]
    for change in server.history(of: "services") {
      let name = change.object["metadata"]["name"].string ?? ""
      let ingress = change.object["status"]["loadBalancer"]["ingress"].array
      let now = change.isDeletion ? [] : Set(ingress.compactMap { $0["ip"].string })
      let before = held.updateValue(now, forKey: name) ?? []
      for address in before.union(now) {
        note(address, Set(held.filter { $0.value.contains(address) }.keys), at: change.instant)
      }
      if !before.isSubset(of: now), !change.isDeletion {
        moves.append("\(name): \(before.sorted()), then \(now.sorted())")
      }
    }
  }

  private mutating func note(
    _ address: String, _ services: Set<String>, at instant: ContinuousClock.Instant
  ) {
    let open = clashes.firstIndex { $0.address == address && $0.end == nil }
    if services.count < 2 {
      if let open { clashes[open].end = instant }
    } else if let open {
      clashes[open].services.formUnion(services)
    } else {
      clashes.append(Clash(address: address, services: services, begin: instant))
    }
  }
}
