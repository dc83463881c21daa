internal import Announcer
internal import Control
internal import Time
internal import Wire

/// Where the daemon's check of itself stands.
struct SelfChecking {
  var check = SelfCheck()
  var hearing = Hearing()
  var dueAt = Instant.distantPast
  /// Links to ask from; nil where links or patterns have changed since.
  var askers: [Link]?
  /// Questions are being asked from other links.
  var isAsking = false
  /// Gained since the last round.
  var fresh: Set<IPAddress> = []
  /// Lost since the questions were asked: that nobody answers for them says nothing.
  var disturbed: Set<IPAddress> = []
  /// The gate was shut meanwhile: no answer says anything.
  var isVoid = false
  var lastAt: WallTime?
  /// What the program itself would not answer, or does not have armed though it holds it.
  var inside: [String] = []
  /// The sentences of the last round.
  var failures: [String] = []
  var witnesses: [String: String] = [:]
  /// Why nothing is known of interfaces from outside, by name.
  var unchecked: [String: String] = [:]
  /// Whether anything at all is known from outside.
  var outside = Outside.pending
  /// The gate was shut in the last round: nothing that was heard says anything.
  var wasInDoubt = false
  /// The names of links that were found to announce on one LAN together.
  var sharedLANs: [[String]] = []
  /// What the last round wants people to know: links that hear nothing, links that share a LAN.
  var warnings: [String] = []

  enum Outside {
    case known
    /// Nobody was asked yet.
    case pending
    /// Why not.
    case unknown(String)

    var reason: String? {
      if case .unknown(let reason) = self { reason } else { nil }
    }
  }

  mutating func disturb() { isVoid = true }
}
