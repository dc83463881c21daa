internal import Wire

extension Reconciler {
  /// What a pass looks at: everything, or some addresses while all that concerns the others is as it was.
  ///
  /// A pass over some addresses has to end where one over everything would.
  enum Scope: Sendable {
    case everything
    case addresses(Set<IPAddress>)

    static let nothing = Scope.addresses([])

    var isNothing: Bool {
      if case .addresses(let addresses) = self { addresses.isEmpty } else { false }
    }

    mutating func add(_ more: Scope) {
      switch (self, more) {
      case (.everything, _): return
      case (_, .everything): self = .everything
      case (.addresses(var addresses), .addresses(let others)):
        // Or the set would be copied.
        self = .nothing
        addresses.formUnion(others)
        self = .addresses(addresses)
      }
    }
  }
}
