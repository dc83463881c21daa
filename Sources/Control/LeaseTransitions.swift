/// How often claims came and went on this node, since the start.
package struct LeaseTransitions: FieldValue {
  /// Claims acquired.
  @Field package var gained: UInt64
  /// Claims that ended without this node giving them back: the deadline passed, or the store says so.
  @Field package var lost: UInt64
  /// Claims given back in order, for another node to take.
  @Field package var handedOver: UInt64

  package init(gained: UInt64 = 0, lost: UInt64 = 0, handedOver: UInt64 = 0) {
    self.gained = gained
    self.lost = lost
    self.handedOver = handedOver
  }

  package static var absent: Self { Self() }
}
