package import Wire

/// What the configuration adds to the objects.
package struct PoolSettings: Hashable, Sendable {
  /// `loadBalancerClass`es that get their addresses here, besides Services without one.
  package var classes: Set<String>
  /// Never given out: what the daemon's own configuration announces.
  package var reserved: [IPRange]
  /// Whether the API server keeps conditions of Services. Servers before 1.20 drop them, and then their
  /// absence is no reason to write them again.
  package var keepsConditions: Bool

  package init(
    classes: Set<String> = [], reserved: [IPRange] = [], keepsConditions: Bool = true
  ) {
    self.classes = classes
    self.reserved = reserved
    self.keepsConditions = keepsConditions
  }
}
