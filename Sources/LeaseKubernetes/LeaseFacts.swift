internal import Lease
internal import Wire

/// What Leases say that is only for people: the table does not keep it.
struct LeaseFacts: Hashable, Sendable {
  struct Claim: Hashable, Sendable {
    var since: String?
    var note: ClaimNote?
  }

  private(set) var sessions: [SessionID: SessionFacts] = [:]
  private(set) var claims: [IPAddress: Claim] = [:]
  /// What is no announcer's, a line each.
  private(set) var troubles: [String] = []
  private var untold = 0

  /// More strange Leases than this are counted, not told.
  private static let mostTroubles = 16

  mutating func add(_ form: LeaseForm, _ record: LeaseRecord) {
    let annotations = form.metadata?.annotations ?? [:]
    switch record.subject {
    case .node(let node):
      guard let session = node.session else { return }
      sessions[session] = SessionFacts(
        host: annotations[Annotations.host],
        processID: annotations[Annotations.processID].flatMap { Int32($0) },
        since: annotations[Annotations.since], version: annotations[Annotations.version])
    case .claim(let address, _):
      let note = annotations[Annotations.interfaces].map { names in
        ClaimNote(
          interfaces: names.split(separator: ",").map(String.init),
          hardwareAddress: annotations[Annotations.hardwareAddress] ?? "")
      }
      claims[address] = Claim(since: annotations[Annotations.since], note: note)
    case .unknown:
      addForeign(
        "the Lease \(record.name) has the announcers' label and none of their names: it is left alone"
      )
    }
  }

  mutating func addForeign(_ trouble: String) {
    if troubles.count < Self.mostTroubles { troubles.append(trouble) } else { untold += 1 }
  }

  /// All troubles, those that are only counted in one line.
  var allTroubles: [String] {
    untold == 0 ? troubles : troubles + ["\(untold) more Leases are no announcer's"]
  }
}
