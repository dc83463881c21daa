/// One session as the store has it, for people.
package struct SurveyedSession: Hashable, Sendable {
  package let id: SessionID
  /// The node it speaks for.
  package let node: String
  /// Whether the node's own record names it. One that is known from claims alone, or whose record
  /// somebody deleted, is dead to everybody but, for a while, its holder.
  package var isRecorded: Bool
  /// How long the store keeps it after a renewal; nil for a store without TTL, and where unknown.
  package var timeToLive: Duration?
  /// When it ends at the latest unless it is renewed; nil for a store without TTL, and where unknown.
  package var endsWithin: Duration?
  package var facts: SessionFacts

  package init(
    id: SessionID, node: String, isRecorded: Bool = true, timeToLive: Duration? = nil,
    endsWithin: Duration? = nil, facts: SessionFacts = SessionFacts()
  ) {
    self.id = id
    self.node = node
    self.isRecorded = isRecorded
    self.timeToLive = timeToLive
    self.endsWithin = endsWithin
    self.facts = facts
  }

  /// Whether it has missed a renewal: more than half of its time has passed without one, and a node
  /// renews after a third of it (`LeaseTiming.renewalInterval`).
  package var isOverdue: Bool {
    guard let endsWithin else { return false }
    guard let timeToLive else { return endsWithin <= .zero }
    return endsWithin * 2 < timeToLive
  }
}
