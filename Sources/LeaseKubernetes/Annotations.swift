/// What we write beside a Lease's spec. Those of claims are for people, except `released`.
enum Annotations {
  /// The label of all our Leases, by which they are listed and watched.
  static let manager = (key: "app.kubernetes.io/managed-by", value: "announcer")
  /// `node` or `claim`.
  static let component = "app.kubernetes.io/component"

  static let node = "announcer/node"
  static let host = "announcer/host"
  static let processID = "announcer/pid"
  static let version = "announcer/version"
  static let since = "announcer/since"
  static let address = "announcer/address"
  static let interfaces = "announcer/interfaces"
  static let hardwareAddress = "announcer/hardware-address"

  /// On a node's Lease: the sessions of this node that are known to have ended, the newest first. Whoever
  /// writes a session here knows that its holder is silent: the holder itself, or who has timed it.
  static let ended = "announcer/ended"
  /// On a claim: the session that gave it back. Whoever acquires the claim deletes it, so that an empty
  /// holder without it was not written by the holder.
  static let released = "announcer/released"
  /// On a node's Lease: whom its session prefers for addresses (`Wish`).
  static let preferences = "announcer/preferences"

  /// More ended sessions of one node than this are not remembered.
  static let mostEnded = 8
}
