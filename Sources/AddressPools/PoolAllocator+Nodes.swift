package import Cluster
internal import Wire

/// The addresses of nodes are given to no Service. What a Service has already, it keeps.
extension PoolAllocator {
  /// Takes over a Node that is new or has changed.
  package mutating func update(_ node: Node) { settle([node.name: node.addresses]) }

  /// Lets go of a Node that is gone.
  package mutating func removeNode(_ name: String) { settle([name: []]) }

  /// Makes the Nodes exactly these.
  package mutating func replaceNodes(_ list: [Node]) {
    var addresses = nodes.mapValues { _ in [IPAddress]() }
    for node in list { addresses[node.name] = node.addresses }
    settle(addresses)
  }

  /// Nodes report every few minutes, and their addresses hardly ever change.
  private mutating func settle(_ changes: [String: [IPAddress]]) {
    let before = nodes
    for (name, addresses) in changes { nodes[name] = addresses.isEmpty ? nil : addresses }
    guard nodes != before else { return }
    let known = nodeAddresses
    nodeAddresses = NodeAddresses(nodes)
    guard nodeAddresses != known else { return }
    rebuildTable()
    // Who has what it wants goes on having it.
    wakeWaiting()
  }
}
