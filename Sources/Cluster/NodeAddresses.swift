package import Wire

/// The addresses of the cluster's nodes as their objects tell them: the same on every node that reads them.
///
/// Given to a Service, one of them would be taken from the node that has it.
package struct NodeAddresses: Hashable, Sendable {
  package struct Entry: Hashable, Sendable, CustomStringConvertible {
    package var address: IPAddress
    package var node: String

    package var description: String { "\(address) (\(node))" }
  }

  /// By address, each once.
  private let entries: [Entry]

  /// - Parameter nodes: addresses by the name of the node.
  package init(_ nodes: [String: [IPAddress]] = [:]) {
    var owners: [IPAddress: String] = [:]
    for (node, addresses) in nodes.sorted(by: { $0.key < $1.key }) {
      for address in addresses where owners[address] == nil { owners[address] = node }
    }
    entries = owners.map { Entry(address: $0.key, node: $0.value) }
      .sorted { $0.address < $1.address }
  }

  /// These, and those of `other` that none of these is.
  package func adding(_ other: NodeAddresses) -> NodeAddresses {
    let all = (entries + other.entries).map { ($0.node, [$0.address]) }
    return NodeAddresses(Dictionary(all, uniquingKeysWith: +))
  }

  package var addresses: [IPAddress] { entries.map(\.address) }

  /// The node that has an address; nil: none is known to.
  package func node(of address: IPAddress) -> String? {
    let position = firstIndex(from: address)
    guard position < entries.count, entries[position].address == address else { return nil }
    return entries[position].node
  }

  /// Those that a pool could give, in order.
  package func inside(_ pool: LoadBalancerIPPool) -> [Entry] {
    guard !entries.isEmpty else { return [] }
    var found: Set<Entry> = []
    for range in pool.givableRanges {
      var position = firstIndex(from: range.lower)
      while position < entries.count, range.contains(entries[position].address) {
        found.insert(entries[position])
        position += 1
      }
    }
    return found.sorted { $0.address < $1.address }
  }

  private func firstIndex(from address: IPAddress) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].address < address { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// What people should know of those that a pool has; nil where it has none, or gives nothing.
  package func note(on pool: LoadBalancerIPPool) -> String? {
    let entries = inside(pool)
    guard !pool.isDisabled, !entries.isEmpty else { return nil }
    let shown = entries.prefix(5).map(\.description).joined(separator: ", ")
    let rest = entries.count > 5 ? " and \(entries.count - 5) more" : ""
    return
      "it has addresses of nodes, \(shown)\(rest), which announcer gives to no Service: leave them out "
      + "of its blocks"
  }
}
