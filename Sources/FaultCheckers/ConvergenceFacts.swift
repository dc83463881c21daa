package import Wire

/// lease.md I5: what there is some seconds after a fault has ended, from everybody who can be asked.
package struct ConvergenceFacts: Sendable {
  /// What a daemon needs of the system.
  package struct Resources: Hashable, Sendable {
    package var descriptors: Int
    package var threads: Int

    package init(descriptors: Int, threads: Int) {
      self.descriptors = descriptors
      self.threads = threads
    }
  }

  /// Every address that some live node may announce.
  package var addresses: [IPAddress] = []
  /// The nodes whose daemon runs and must have a session, with their hardware addresses.
  package var nodes: [String: MACAddress] = [:]
  /// The store's claims, each with the lease it is attached to; nil where there is no store to ask.
  package var claims: [IPAddress: Int64]?
  /// The store's node keys, each with its lease.
  package var sessions: [String: Int64] = [:]
  /// Every lease that the store has.
  package var leases: Set<Int64> = []
  /// Which addresses each node says it announces.
  package var announcing: [String: Set<IPAddress>] = [:]
  /// The neighbour entries of a host that asked long ago.
  package var caches: [IPAddress: MACAddress] = [:]
  /// Who answered last on the LAN.
  package var answers: [IPAddress: MACAddress] = [:]
  package var resources: [String: Resources] = [:]
  /// What each daemon needed before the fault; a daemon that was started since has no entry.
  package var resourcesBefore: [String: Resources] = [:]

  package init() {}

  /// Descriptors and threads come and go: a new connection while the old one closes, a thread that
  /// reads a file. More than this many more is growth.
  package static let allowance = 8

  /// What has not converged, in words; empty when all is well.
  package var complaints: [String] {
    addresses.flatMap(complaints(of:)) + (claims == nil ? [] : storeComplaints) + growth
  }

  private func complaints(of address: IPAddress) -> [String] {
    let announcers = announcing.filter { $0.value.contains(address) }.map(\.key).sorted()
    guard announcers.count == 1 else {
      return ["\(address) is announced by \(announcers.isEmpty ? ["nobody"] : announcers)"]
    }
    var complaints: [String] = []
    let node = announcers[0]
    if let claims {
      guard let lease = claims[address] else { return ["\(address) has no claim in the store"] }
      if sessions[node] != lease {
        complaints.append("the claim on \(address) is not of the session of \(node)")
      }
    }
    if let answered = answers[address], answered != nodes[node] {
      complaints.append("\(address) is answered by \(answered), not by \(node)")
    }
    if let cached = caches[address], cached != nodes[node] {
      complaints.append("a neighbour's cache has \(cached) for \(address), not \(node)")
    }
    return complaints
  }

  private var storeComplaints: [String] {
    var complaints: [String] = []
    for node in nodes.keys.sorted() where sessions[node] == nil {
      complaints.append("\(node) has no session in the store")
    }
    for node in sessions.keys.sorted() where nodes[node] == nil {
      complaints.append("the session of \(node) is left behind")
    }
    let live = Set(sessions.values)
    for (address, lease) in (claims ?? [:]).sorted(by: { $0.key < $1.key })
    where !live.contains(lease) {
      complaints.append("the claim on \(address) is left behind")
    }
    let leaked = leases.subtracting(live)
    if !leaked.isEmpty {
      complaints.append(
        "leases without a session: "
          + leaked.sorted().map { String($0, radix: 16) }.joined(separator: ", "))
    }
    return complaints
  }

  private var growth: [String] {
    resources.sorted { $0.key < $1.key }.compactMap { node, now in
      guard let before = resourcesBefore[node] else { return nil }
      let more = (now.descriptors - before.descriptors, now.threads - before.threads)
      guard more.0 > Self.allowance || more.1 > Self.allowance else { return nil }
      return "\(node) has \(more.0) more descriptors and \(more.1) more threads than before"
    }
  }
}
