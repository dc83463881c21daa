package import Wire

/// Work that one node does for all of them, claimed like an address: by the same election, in the same
/// store, under the same deadline (lease.md §1.10).
///
/// To the store its claim is one more address. It lies in the prefix whose packets are discarded by
/// everybody (RFC 6666), so that no assignment ever means it.
package enum Duty: Hashable, Sendable, CaseIterable {
  /// Giving addresses out of the pools to Services.
  case addressPools

  /// What stands for it among the claims: `100::706f:6f6c`, "pool" in ASCII.
  package var claim: IPAddress {
    switch self {
    case .addressPools: .v6(IPv6Address(rawValue: 0x0100 << 112 | 0x706f_6f6c))
    }
  }

  /// The duty that an address stands for; nil where it is an address like any other.
  package init?(_ claim: IPAddress) {
    guard let duty = Self.allCases.first(where: { $0.claim == claim }) else { return nil }
    self = duty
  }
}

extension Duty: CustomStringConvertible {
  package var description: String {
    switch self {
    case .addressPools: "the duty of giving addresses out of the pools"
    }
  }
}
