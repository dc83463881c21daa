/// Something to be written to the API server now.
///
/// Both kinds are decided on one version of the object and hold for no other: the write must name it, and
/// where it fails because the object has changed, the next plan decides anew.
package enum PoolStep: Hashable, Sendable {
  case service(ServiceWriting)
  case pool(PoolWriting)
}
