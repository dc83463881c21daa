/// What became of the addresses that a node announced when it was drained. Pure.
package struct DrainOutcome: Equatable {
  /// The newest status.
  package let status: Status
  /// The addresses that each other node has now, in order.
  package private(set) var taken: [String: [String]] = [:]
  /// Those that no node has.
  package private(set) var untaken: [String] = []
  /// Those that this node has not released yet.
  package private(set) var unreleased: [String] = []

  package init(_ before: Status, after: Status) {
    status = after
    let holders = Dictionary(after.addresses.map { ($0.address, $0.holder) }) { first, _ in first }
    for address in before.addresses where address.state == .announcing {
      switch holders[address.address] ?? nil {
      case nil: untaken.append(address.address)
      case after.node?: unreleased.append(address.address)
      case let holder?: taken[holder, default: []].append(address.address)
      }
    }
  }

  package static func == (left: DrainOutcome, right: DrainOutcome) -> Bool {
    left.taken == right.taken && left.untaken == right.untaken
      && left.unreleased == right.unreleased
  }

  /// Whether more may become of them.
  package func isOpen(hasOthers: Bool) -> Bool {
    !unreleased.isEmpty || hasOthers && !untaken.isEmpty
  }

  package var lines: [String] {
    guard !(taken.isEmpty && untaken.isEmpty && unreleased.isEmpty) else {
      return ["drained: nothing was announced here"]
    }
    return taken.sorted { $0.key < $1.key }.map { node, addresses in
      "drained: \(node) took \(count(addresses))"
    }
  }

  /// What is silent now; nil where nothing is.
  package var loss: String? {
    let silent = untaken + unreleased
    guard !silent.isEmpty else { return nil }
    let named = silent.prefix(Self.named).joined(separator: ", ")
    let more = silent.count > Self.named ? " and \(silent.count - Self.named) more" : ""
    let reason =
      status.lease.state == .none
      ? "; with `lease.backend: local` no other machine can" : ""
    return """
      drained, and nobody took \(count(silent)): \(named)\(more)\(reason)
      nobody answers until `announcer undrain` here, or until another node announces them
      """
  }

  /// So many addresses are named.
  private static let named = 5

  private func count(_ addresses: [String]) -> String {
    TextLayout.count(addresses.count, "address", "addresses")
  }
}
