package import Announcer
internal import LinuxSystem
internal import Synchronization
package import Wire

extension Responder {
  /// The claims among these for which a neighbour's question would stay unanswered, and why.
  ///
  /// Each is looked at under a lock of its own, so that real questions get their turn in between.
  package func silences(among claims: some Sequence<Claim>) -> [Claim: Reason] {
    var silences: [Claim: Reason] = [:]
    for claim in claims {
      silences[claim] = state.withLock { $0.table.silence(about: claim, now: .now) }
    }
    return silences
  }

  /// Answers questions from this link of ours too, as long as they are asked from there; nil ends it.
  package func admit(witness: MACAddress?) {
    state.withLock { $0.table.witness = witness }
  }
}
