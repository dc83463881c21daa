/// The nodes on which endpoints of a Service are.
struct ReadyNodes: Hashable, Sendable {
  /// An endpoint that is tied to no node counts as being on every one.
  private(set) var isEverywhere = false
  /// Without repeats, in order.
  private(set) var nodes: [String] = []

  init() {}

  /// - Parameter share: gives the one copy of a name; a node's name is in thousands of slices.
  init(
    _ endpoints: some Sequence<EndpointSlice.Endpoint>, share: (String) -> String
  ) {
    var names: Set<String> = []
    for endpoint in endpoints {
      if let node = endpoint.node { names.insert(node) } else { isEverywhere = true }
    }
    nodes = names.sorted().map(share)
  }

  var isEmpty: Bool { !isEverywhere && nodes.isEmpty }

  func contains(_ node: String) -> Bool { isEverywhere || nodes.contains(node) }
}
