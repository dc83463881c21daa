internal import Synchronization
package import Wire

/// What the responder has counted. Whoever asks never keeps the answering thread waiting for long.
extension Responder {
  /// How many addresses' counters are copied in one turn of the lock: a microsecond or two.
  private static let turn = 512

  /// What was sent for an address; nil where it is not armed here.
  package func counts(of address: IPAddress) -> AnswerCounts.Address? {
    counts(of: [address])[0]
  }

  /// What was sent for each of the addresses, in their order; nil for those not armed here.
  package func counts(of addresses: [IPAddress]) -> [AnswerCounts.Address?] {
    slots.withLock { slots in
      var copy: [AnswerCounts.Address] = []
      copy.reserveCapacity(Int(slots.count))
      // Copied by the piece: sharing the array would make the answering thread copy it whole with the
      // next frame, under the lock.
      while copy.count < Int(slots.count) {
        let before = copy.count
        state.withLock { state in
          copy.append(contentsOf: state.counts[before...].prefix(Self.turn))
        }
        guard copy.count > before else { break }
      }
      return addresses.map { address in
        guard let slot = slots.byAddress[address], Int(slot) < copy.count else { return nil }
        return copy[Int(slot)]
      }
    }
  }

  /// What was not answered, by reason, and what the kernel dropped.
  package func totals() -> AnswerCounts {
    let drops = [
      arp.takeDropCount(), neighbors.takeDropCount(), arpWatch.takeDropCount(),
      neighborWatch.takeDropCount(),
    ].reduce(0) { $0 + UInt64($1) }
    return state.withLock { state in
      state.dropped += drops
      return AnswerCounts(ignored: state.links.totals.ignored, dropped: state.dropped)
    }
  }

  /// What went over each link, by interface index; 0 stands for links on which nothing was announced.
  package func linkCounts() -> [Int32: LinkCounts] {
    state.withLock { $0.links.byLink }
  }

  /// Ends the counters of links that are gone: an interface index is given to another link some day.
  package func keepCounts(ofLinks links: Set<Int32>) {
    state.withLock { $0.links.keep(links) }
  }
}
