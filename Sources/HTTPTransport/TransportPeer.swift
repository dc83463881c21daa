/// What the words about a failure of the transport need to know of the other side and of us.
package struct TransportPeer: Sendable {
  /// What is expected there: `etcd`.
  package var name: String
  /// Octets of the longest answer that is read.
  package var longestAnswer: Int
  /// Where the authorities come from that we trust, for people; nil for the system's.
  package var authority: String?
  /// Where our certificate comes from; nil where there is none.
  package var certificate: String?

  package init(
    name: String, longestAnswer: Int, authority: String? = nil, certificate: String? = nil
  ) {
    self.name = name
    self.longestAnswer = longestAnswer
    self.authority = authority
    self.certificate = certificate
  }
}
