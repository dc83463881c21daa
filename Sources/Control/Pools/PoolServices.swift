/// How the Services fare whose addresses come from pools.
package struct PoolServices: FieldValue {
  /// Of type LoadBalancer, without a class or of one that is configured.
  @Field package var responsible: Int
  /// Those that have what they ask for.
  @Field package var satisfied: Int
  /// The others, by the reason in their condition: `out_of_ips`, `no_pool`.
  @Field package var unsatisfied: [String: Int]

  package init(responsible: Int, satisfied: Int, unsatisfied: [String: Int] = [:]) {
    self.responsible = responsible
    self.satisfied = satisfied
    self.unsatisfied = unsatisfied
  }

  package static var absent: Self { Self(responsible: 0, satisfied: 0) }
}
