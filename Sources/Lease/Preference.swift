package import Wire

/// Who shall have an address next: written by a node that asks for it, or by a holder that hands it
/// to a node of its choice.
///
/// It moves nothing by itself and excludes nobody: the holder gives the claim up if it agrees, the
/// preferred node then goes first, and after a short while anybody may.
package struct Preference: Hashable, Sendable {
  package let address: IPAddress
  /// The node's name; nil withdraws what this session wrote.
  package let node: String?

  package init(address: IPAddress, node: String?) {
    self.address = address
    self.node = node
  }
}
