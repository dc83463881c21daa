/// Names one session: one run of one process, never a node.
///
/// A process that starts again is a new session with a new random name; resuming an old one by name
/// could resurrect claims that others have seen end (lease.md §1.8).
package struct SessionID: Hashable, Comparable, Sendable {
  /// As the store writes it: etcd's lease number, a random number elsewhere.
  package let text: String

  package init(_ text: String) {
    self.text = text
  }

  /// A new name that nobody else has: 64 random bits in hexadecimal.
  package static func random() -> SessionID {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return SessionID(String(repeating: "0", count: 16 - digits.count) + digits)
  }

  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension SessionID: CustomStringConvertible {
  package var description: String { text }
}
