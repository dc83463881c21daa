/// What is asked over the control socket: one line of JSON.
package struct Request: Codable, Hashable, Sendable {
  /// The version of the program that asks.
  package var version: String
  package var command: Command
  /// The address a command is about, in text; nil where it needs none.
  package var address: String?
  /// The node that a hand-over is for; nil leaves it to the ranking.
  package var to: String?

  /// A word that the daemon may not know: an older daemon answers that it does not.
  package struct Command: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let status = Command(rawValue: "status")
    package static let explain = Command(rawValue: "explain")
    package static let drain = Command(rawValue: "drain")
    package static let undrain = Command(rawValue: "undrain")
    package static let handover = Command(rawValue: "handover")
    package static let cluster = Command(rawValue: "cluster")
    package static let pools = Command(rawValue: "pools")
    package static let compare = Command(rawValue: "compare")
    package static let reload = Command(rawValue: "reload")
  }

  package init(version: String, command: Command, address: String? = nil, to: String? = nil) {
    self.version = version
    self.command = command
    self.address = address
    self.to = to
  }
}
