/// The store's answer for one address of an acquisition.
package enum AcquireAnswer: Hashable, Sendable {
  /// It is ours; also the answer when it was ours before, because an earlier answer got lost.
  case acquired(Epoch)
  case heldBy(Holder)
  /// This address cannot be claimed now; the others of the batch are not concerned.
  case failed(StoreFailure)
}
