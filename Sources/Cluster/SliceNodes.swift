/// All that is kept of an EndpointSlice: where its endpoints are, of which families.
struct SliceNodes: Hashable, Sendable {
  let hasIPv4: Bool
  let hasIPv6: Bool
  /// Where endpoints are ready.
  let ready: ReadyNodes
  /// Where endpoints are about to end and still answer.
  let draining: ReadyNodes

  /// - Parameter share: gives the one copy of a node's name.
  init(_ slice: EndpointSlice, share: (String) -> String) {
    hasIPv4 = slice.families.contains(.ipv4)
    hasIPv6 = slice.families.contains(.ipv6)
    ready = ReadyNodes(slice.endpoints.lazy.filter(\.isReady), share: share)
    draining = ReadyNodes(
      slice.endpoints.lazy.filter { !$0.isReady && $0.isDraining }, share: share)
  }

  func has(_ family: IPFamily) -> Bool {
    switch family {
    case .ipv4: hasIPv4
    case .ipv6: hasIPv6
    }
  }
}

extension Sequence<SliceNodes> {
  /// Where traffic to an address of a family finds an endpoint that answers; empty: nowhere.
  ///
  /// An endpoint that is about to end and still answers counts where none is ready on any node, as
  /// kube-proxy goes on with it (KEP-1669, ProxyTerminatingEndpoints): else the address would be silent
  /// while the last pod finishes its work.
  ///
  /// - Parameter countsDraining: false where there may be slices that nobody could read.
  func serving(_ family: IPFamily, countsDraining: Bool) -> [ReadyNodes] {
    let slices = filter { $0.has(family) }
    let ready = slices.map(\.ready).filter { !$0.isEmpty }
    guard ready.isEmpty, countsDraining else { return ready }
    return slices.map(\.draining).filter { !$0.isEmpty }
  }
}
