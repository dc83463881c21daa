package import Wire

/// A claim to give back, guarded so that a late request cannot delete a younger claim.
package struct ClaimReference: Hashable, Sendable {
  package let address: IPAddress
  /// Release only this epoch; nil: whatever the session holds for the address, after an acquisition
  /// whose answer got lost.
  package let epoch: Epoch?

  package init(address: IPAddress, epoch: Epoch?) {
    self.address = address
    self.epoch = epoch
  }
}
