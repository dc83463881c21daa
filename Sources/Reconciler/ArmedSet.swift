package import Announcer
package import Wire

/// What the wire is armed with: everything that is answered and announced, and what an answer needs to know of the
/// links.
package struct ArmedSet: Hashable, Sendable {
  package var claims: [Claim: Affirmation]
  /// The links that the claims are on.
  package var links: [LinkContext]
  /// Of every link of this node, announcing or not: frames from them are its own.
  package var ownHardwareAddresses: [MACAddress]

  package init(
    claims: [Claim: Affirmation] = [:], links: [LinkContext] = [],
    ownHardwareAddresses: [MACAddress] = []
  ) {
    self.claims = claims
    self.links = links
    self.ownHardwareAddresses = ownHardwareAddresses
  }

  package var addresses: Set<IPAddress> { Set(claims.keys.lazy.map(\.address)) }
}

/// What is listened for while the LAN is asked whether addresses are free.
package struct ListeningSet: Hashable, Sendable {
  package var claims: [Claim]
  /// The links that the claims are on, by index.
  package var links: [LinkContext]
  package var ownHardwareAddresses: [MACAddress]
}

/// What differs on the wire between one view of the lease and the next, the links being the same.
package struct ArmedChange: Hashable, Sendable {
  /// What is armed no more.
  package var removed: Set<Claim>
  /// What is new, or was lost and gained again, or is to be told to neighbours once more.
  package var added: [Claim: Affirmation]

  package init(removed: Set<Claim> = [], added: [Claim: Affirmation] = [:]) {
    self.removed = removed
    self.added = added
  }

  package var isEmpty: Bool { removed.isEmpty && added.isEmpty }
  package var addresses: Set<IPAddress> {
    Set(removed.lazy.map(\.address)).union(added.keys.lazy.map(\.address))
  }
  var count: Int { removed.count + added.count }
}
