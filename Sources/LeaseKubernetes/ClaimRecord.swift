internal import Lease

/// What a claim's Lease says.
struct ClaimRecord: Hashable, Sendable {
  /// Nil where nobody has it.
  let holder: HolderIdentity?
  /// The TTL of the holder's session when it acquired the claim.
  let duration: Duration?
  /// Who gave it back.
  let released: SessionID?
  /// Counts changes of hands, for people.
  let transitions: Int64
  /// Somebody's wish for a hand-over, given with Kubernetes' own field.
  let preferredHolder: String?
  let hasStrategy: Bool

  init(_ spec: LeaseForm.Spec, _ annotations: [String: String]) {
    holder = HolderIdentity(spec.holderIdentity)
    duration = spec.duration
    released = annotations[Annotations.released].map { SessionID($0) }
    transitions = spec.leaseTransitions ?? 0
    preferredHolder = spec.preferredHolder.flatMap { $0.isEmpty ? nil : $0 }
    hasStrategy = spec.hasStrategy
  }

  /// The node that `preferredHolder` names, as a name or as we write holders.
  var preferredNode: String? { HolderIdentity(preferredHolder)?.node }
}
