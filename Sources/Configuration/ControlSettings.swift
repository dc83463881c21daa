/// The `control` section: where `announcer status` asks.
package struct ControlSettings: Hashable, Sendable {
  /// The path of the Unix socket, absolute.
  package var socket: String

  package static let defaultSocket = "/run/announcer/control.sock"

  /// `sun_path` holds 108 octets, the final zero included (`unix(7)`).
  private static let longestSocketPath = 107

  init(_ value: Value?) {
    let section = value.flatMap { Section($0) }
    socket =
      section?.value("socket")?.absolutePath(atMost: Self.longestSocketPath) ?? Self.defaultSocket
    section?.finish()
  }
}
