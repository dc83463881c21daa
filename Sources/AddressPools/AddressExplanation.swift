package import Cluster
package import Wire

/// What pools and Services have to do with an address.
package struct AddressExplanation: Hashable, Sendable {
  package var address: IPAddress
  /// The pools that have it, the oldest first, which it counts in.
  package var pools: [Pool]
  /// The Services that have it or ask for it, by name.
  package var services: [Holder]

  package struct Pool: Hashable, Sendable {
    package var name: String
    /// Why it does not give the address out, in words that follow its name; nil where it does.
    package var obstacle: String?
  }

  package struct Holder: Hashable, Sendable {
    package var service: ObjectName
    /// Whether it has the address; else it only asks for it, or a write is under way.
    package var isHolder: Bool
    /// How it comes to it, and how it stands, in words.
    package var words: String
  }

  /// One line for each pool and Service: `pool blue gives it out`, `service default/web: has it`.
  package var lines: [String] {
    pools.map { "pool \($0.name) \($0.obstacle ?? "gives it out")" }
      + services.map { "service \($0.service): \($0.words)" }
  }
}
