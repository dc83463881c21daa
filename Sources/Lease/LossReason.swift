/// Why a claim that was held is held no more, though its address is still wanted.
package enum LossReason: Hashable, Sendable {
  /// No renewal was confirmed in time.
  case deadlinePassed
  /// The store has no such session any more.
  case sessionGone
  /// The store has no such claim any more.
  case claimGone
  /// Held without a lease, and another station was heard asserting it.
  case heardAnother
  /// The store names another.
  case takenBy(Holder)
}

extension LossReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .deadlinePassed: "the lease could not be renewed in time"
    case .sessionGone: "the session was ended in the store"
    case .claimGone: "the claim was deleted from the store"
    case .heardAnother: "held without a lease, and another station announces it"
    case .takenBy(let holder): "the store names node \(holder.node) (session \(holder.session))"
    }
  }
}
