/// A foreign host that claims an address of ours (RFC 5227 §2.4).
package struct ConflictStatus: FieldValue {
  @Field package var hardwareAddress: String
  @Field package var lastSeenAt: WallTime
  /// Frames seen from it.
  @Field package var count: UInt64

  package init(hardwareAddress: String, lastSeenAt: WallTime, count: UInt64) {
    self.hardwareAddress = hardwareAddress
    self.lastSeenAt = lastSeenAt
    self.count = count
  }

  package static var absent: Self {
    Self(hardwareAddress: "", lastSeenAt: .absent, count: 0)
  }
}
