package import Wire

/// What to do with a frame that came in.
package enum Verdict: Hashable, Sendable {
  /// Answer it: send `frame` on the link it came in on, and count it for the claim at `slot`.
  case reply(Frame, slot: Int32)
  /// Somebody with another hardware address asserts our address (RFC 5227 §2.4, RFC 4862 §5.4).
  case conflict(address: IPAddress, hardwareAddress: MACAddress)
  case ignore(Reason)
}
