package import Wire

/// What became of a call.
package enum Outcome: Hashable, Sendable {
  case opening(SessionOpening)
  case renewal(Renewal)
  case picture(StorePicture)
  case acquisition([IPAddress: AcquireAnswer])
  /// Released, or closed.
  case done
  case failed(StoreFailure)
}
