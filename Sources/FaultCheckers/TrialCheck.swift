package import Time
package import Wire

/// lease.md I4 and what a fault promises besides: how long nobody answered in a trial, who spoke when he had
/// to be silent, and whether the owner stayed.
package struct TrialCheck: Sendable {
  /// The longest time in the trial without an answer, of the address that fared worst; less what
  /// of it nobody asked in.
  package let gap: Duration
  /// The address of `gap`, and when it began.
  package let worst: IPAddress?
  package let gapStart: Instant
  package let complaints: [String]

  /// - Parameters:
  ///   - stations: the nodes by hardware address; frames of others are no answers.
  ///   - pauses: when the client did not ask, because the machine did not let it.
  package init(
    _ trial: Trial, _ assertions: [Assertion], stations: [MACAddress: String],
    pauses: [Range<Instant>] = []
  ) {
    let inside = assertions.filter {
      stations[$0.station] != nil && trial.start <= $0.time && $0.time <= trial.end
    }.sorted { $0.time < $1.time }
    let byAddress = Dictionary(grouping: inside, by: \.address)
    var gap = Duration.zero
    var gapStart = trial.start
    var worst: IPAddress?
    var complaints: [String] = []
    for address in trial.addresses {
      let frames = byAddress[address] ?? []
      // The ends of the trial count: an address that is silent to its end was never answered.
      let times = [trial.start] + frames.map(\.time) + [trial.end]
      for (earlier, later) in zip(times, times.dropFirst()) where later - earlier > gap {
        let unasked = pauses.reduce(Duration.zero) { sum, pause in
          sum + max(.zero, min(pause.upperBound, later) - max(pause.lowerBound, earlier))
        }
        guard later - earlier - unasked > gap else { continue }
        gap = later - earlier - unasked
        gapStart = earlier
        worst = address
      }
      let owners = Set(frames.map(\.station))
      if trial.keepsOwner && owners.count > 1 {
        let names = owners.compactMap { stations[$0] }.sorted()
        complaints.append("\(address) changed hands among \(names.joined(separator: ", "))")
      }
    }
    for silence in trial.silences {
      complaints += Self.complaints(silence, assertions, stations)
    }
    self.gap = gap
    self.worst = worst
    self.gapStart = gapStart
    self.complaints = complaints
  }

  private static func complaints(
    _ silence: Trial.Silence, _ assertions: [Assertion], _ stations: [MACAddress: String]
  ) -> [String] {
    let heard = assertions.filter {
      stations[$0.station] != nil && (silence.station == nil || $0.station == silence.station)
        && (silence.address == nil || $0.address == silence.address)
        && silence.from < $0.time && $0.time < silence.until
    }
    guard let first = heard.min(by: { $0.time < $1.time }),
      let last = heard.max(by: { $0.time < $1.time })
    else { return [] }
    let name = stations[first.station] ?? "\(first.station)"
    return [
      "\(heard.count) frames where there must be none (\(silence.reason)): \(name) for "
        + "\(first.address), from \(milliseconds(first.time - silence.from)) to "
        + "\(milliseconds(last.time - silence.from)) ms into it"
    ]
  }
}

/// Whole milliseconds, rounded up: a bound is broken by any fraction of one.
package func milliseconds(_ duration: Duration) -> Int64 {
  let nanoseconds = duration.nanoseconds
  return nanoseconds <= 0 ? nanoseconds / 1_000_000 : (nanoseconds + 999_999) / 1_000_000
}
