/// What a configuration leaves to choice in the election.
package struct ElectionPolicy: Hashable, Sendable {
  /// Whether addresses move back to where the ranking and equal shares want them, a few at a time.
  package var rebalances: Bool
  /// Whether a holder hands an address to the node that the store says shall have it next, be it by the
  /// word of somebody who rebalances or of an operator. Who rebalances does so in any case.
  package var obeysPreferences: Bool
  /// Whether a holder goes on past its deadline while the store is away (lease.md §2.10).
  package var holds: Bool
  /// How long the set of nodes has to stay the same before addresses are moved: a node that comes
  /// back, or comes and goes, takes nothing at once.
  package var settling: Duration

  package init(
    rebalances: Bool = false, obeysPreferences: Bool = false, holds: Bool = false,
    settling: Duration = .seconds(10)
  ) {
    self.rebalances = rebalances
    self.obeysPreferences = rebalances || obeysPreferences
    self.holds = holds
    self.settling = settling
  }
}
