internal import SeededRandom

extension Plan {
  /// Draws the faults of a schedule.
  ///
  /// Some come in pairs that are harmless alone: an answer that is late before the way is cut, a freeze
  /// within an isolation.
  static func faults(
    mayLast: Bool, nodes: Int, addresses: Int, timeToLive: Int64, calmAt: Moment,
    _ random: inout SplitMix64
  ) -> [Fault] {
    var faults: [Fault] = []
    for _ in 0...random.below(12) {
      let at = Moment(nanoseconds: random.within(0...calmAt.nanoseconds - 1))
      func add(_ kind: Fault.Kind, at: Moment, lasting: Int64) {
        if at < calmAt {
          faults.append(
            Fault(
              kind: kind, at: at, until: min(at + lasting, calmAt),
              isPermanent: kind.mayLast && mayLast && random.chance(30)))
        }
      }
      let node = random.below(nodes)
      let lasting = span(timeToLive, &random)
      add(
        kind(node, nodes: nodes, addresses: addresses, timeToLive: timeToLive, &random), at: at,
        lasting: lasting)
      switch random.below(8) {
      case 0:
        // Late answers, then none.
        let slow = random.within(timeToLive / 4...timeToLive)
        add(.delaysAnswers(node, atMost: timeToLive / 3), at: at, lasting: slow)
        add(
          .losesRequests(node, percent: 100, refuses: random.chance(30)), at: at + slow,
          lasting: lasting)
      case 1:
        // A square wave.
        let on = timeToLive * random.pick([9, 11]) / 10
        for wave in 0..<3 {
          add(.isolates(node), at: at + Int64(wave) * 2 * on, lasting: on)
        }
      case 2:
        // Whatever it is, somebody else has it a little later.
        add(
          kind(
            random.below(nodes), nodes: nodes, addresses: addresses, timeToLive: timeToLive,
            &random), at: at + random.within(0...timeToLive / 5), lasting: span(timeToLive, &random)
        )
      default: break
      }
    }
    return faults
  }

  /// How long something lasts: from a moment to three times the TTL, often near to it.
  private static func span(_ timeToLive: Int64, _ random: inout SplitMix64) -> Int64 {
    switch random.below(6) {
    case 0: random.within(.millisecond...timeToLive / 10)
    case 1: timeToLive / 2
    case 2: timeToLive * 9 / 10
    case 3: timeToLive * 11 / 10
    case 4: random.within(0...timeToLive)
    default: random.within(0...timeToLive * 3)
    }
  }

  private static func kind(
    _ node: Int, nodes: Int, addresses: Int, timeToLive: Int64, _ random: inout SplitMix64
  ) -> Fault.Kind {
    switch random.below(28) {
    case 0: .crash(node)
    case 1: .shutDown(node)
    case 2, 3: .freeze(node)
    case 4: .suspend(node)
    case 5: .pause(node)
    case 6: .stallDriver(node)
    case 7: .stallCoordinator(node)
    case 8: .stallBoth(node)
    case 9: .wallStep(node, by: random.within(-3600...3600) * .second)
    case 10:
      .losesRequests(node, percent: random.pick([20, 50, 100]), refuses: random.chance(30))
    case 11, 12: .losesAnswers(node, percent: random.pick([20, 50, 100]))
    case 13: .delaysRequests(node, atMost: random.within(.millisecond...timeToLive * 2))
    case 14: .delaysAnswers(node, atMost: random.within(.millisecond...timeToLive * 2))
    case 15: .cutsWatch(node)
    case 16: .delaysWatch(node, atMost: random.within(.millisecond...timeToLive))
    case 17, 18: .isolates(node)
    case 19: .drain(node)
    case 20: .ineligible(node, (0..<addresses).filter { _ in random.chance(50) })
    case 21: .revoke(node)
    case 22: .deleteClaim(random.below(addresses))
    case 23: .overwriteClaim(random.below(addresses))
    case 24:
      .storeElection(
        refuses: random.chance(50), newRate: random.pick([900_000, 1_000_000, 1_100_000]))
    case 25, 26:
      .handOver(random.below(addresses), to: random.chance(50) ? random.below(nodes) : nil)
    default: .storeAway(refuses: random.chance(50), isDown: random.chance(50))
    }
  }
}
