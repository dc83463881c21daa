import Lease
import Time
import Wire

/// Plays an election step by step and writes down what it does, one short line per step.
struct Transcript {
  var election: Election
  private(set) var calls: [UInt64: Call] = [:]

  init(
    node: String = "a", timeToLive: Duration? = .seconds(5), limits: LeaseLimits = LeaseLimits(),
    policy: ElectionPolicy = ElectionPolicy()
  ) {
    let timing = timeToLive.map { try! LeaseTiming(timeToLive: $0) }
    election = Election(node: node, timing: timing, limits: limits, policy: policy)
  }

  /// Every step at this time, the wait included. Times are milliseconds on the boot clock.
  mutating func steps(at time: Int64) -> [String] {
    var lines: [String] = []
    while true {
      let step = election.next(at: at(time))
      switch step {
      case .call(let call):
        calls[call.number] = call
        lines.append("#\(call.number) \(Self.text(call.request))")
      case .wait(let until):
        return lines + [until == .distantFuture ? "wait" : "wait \(until)"]
      case .finished: return lines + ["finished"]
      }
    }
  }

  mutating func report(_ outcome: Outcome, of number: UInt64, at time: Int64) {
    election.report(outcome, of: calls[number]!, at: at(time))
  }

  mutating func update(_ changes: StoreChange..., at time: Int64) {
    election.update(changes, at: at(time))
  }

  mutating func compete(for addresses: IPAddress..., at time: Int64) {
    election.compete(for: Set(addresses), at: at(time))
  }

  /// Brings the election to an open session `s1`, synced with `picture`, everything at time 0.
  mutating func open(holders: [IPAddress: Holder] = [:], others: [String] = []) {
    _ = steps(at: 0)
    report(.opening(.opened(SessionID("s1"), granted: nil)), of: 1, at: 0)
    _ = steps(at: 0)
    report(.picture(picture(holders, others: others)), of: 2, at: 0)
  }

  /// What the store would say: our session, the others', and the claims.
  func picture(_ claims: [IPAddress: Holder], others: [String] = []) -> StorePicture {
    StorePicture(
      sessions: [SessionDescription(id: SessionID("s1"), node: election.node)]
        + others.map { SessionDescription(id: SessionID("s-\($0)"), node: $0) },
      claims: claims)
  }

  /// Claims what is wanted and free (rank and grace have passed at `time`), with epochs from 7 on.
  mutating func acquireAll(at time: Int64) {
    _ = steps(at: time)
    var epoch: UInt64 = 7
    for call in calls.values.sorted(by: { $0.number < $1.number }) {
      guard case .acquire(let addresses, _) = call.request else { continue }
      var answers: [IPAddress: AcquireAnswer] = [:]
      for address in addresses {
        answers[address] = .acquired(Epoch(epoch))
        epoch += 1
      }
      report(.acquisition(answers), of: call.number, at: time)
    }
  }

  /// The last call made.
  var last: Call? { calls.values.max { $0.number < $1.number } }

  private static func text(_ request: Call.Request) -> String {
    switch request {
    case .open(let node, let timeToLive):
      "open \(node)\(timeToLive.map { " \($0.milliseconds) ms" } ?? "")"
    case .renew(let id): "renew \(id)"
    case .confirmOwnership: "confirm"
    case .acquire(let addresses, _):
      "acquire \(addresses.map(\.description).joined(separator: " "))"
    case .release(let claims, _):
      "release \(claims.map { "\($0.address)@\($0.epoch?.description ?? "any")" }.joined(separator: " "))"
    case .prefer(let preferences, _):
      "prefer "
        + preferences.map { "\($0.address)=\($0.node ?? "nobody")" }.joined(separator: " ")
    case .close(let id): "close \(id)"
    }
  }
}

/// Milliseconds on the boot clock.
func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

func holder(_ node: String, _ epoch: UInt64, session: String? = nil) -> Holder {
  Holder(node: node, session: SessionID(session ?? "s-\(node)"), epoch: Epoch(epoch))
}

let x = IPAddress("10.0.0.1")!
let y = IPAddress("10.0.0.2")!
