import Lease
import Testing
import Time
import Wire

/// How the addresses spread over equal nodes that run the election together.
struct SpreadTests {
  @Test(arguments: [2, 3, 4, 7, 16])
  func sharesOfEqualNodesAreWithinAQuarterOfTheMean(nodes: Int) {
    for (base, factor) in [("10.80.0.0", 20), ("172.16.3.77", 27)] {
      let first = IPv4Address(base)!.rawValue
      let count = factor * nodes + nodes / 2
      let addresses = (0..<count).map {
        IPAddress.v4(IPv4Address(rawValue: first + UInt32($0)))
      }
      let shares = elect(addresses, nodes: (0..<nodes).map { "node-\($0)" })
      #expect(shares.reduce(0, +) == count)
      let mean = Double(count) / Double(nodes)
      for share in shares {
        #expect(abs(Double(share) - mean) <= 0.25 * mean, "\(base): \(shares)")
      }
    }
  }

  /// Plays the election in steps of a millisecond; the store answers at once, its watch after one
  /// millisecond. Gives the number of addresses that each node holds in the end.
  private func elect(_ addresses: [IPAddress], nodes: [String]) -> [Int] {
    let sessions = nodes.map { SessionDescription(id: SessionID("s-\($0)"), node: $0) }
    var claims: [IPAddress: Holder] = [:]
    var elections = nodes.map { Election(node: $0, timing: nil) }
    for index in elections.indices {
      elections[index].compete(for: Set(addresses), at: at(0))
    }
    var news: [StoreChange] = []
    for time in 0...250 {
      let now = at(Int64(time))
      var fresh: [StoreChange] = []
      for index in elections.indices {
        elections[index].update(news, at: now)
        while case .call(let call) = elections[index].next(at: now) {
          let outcome: Outcome
          switch call.request {
          case .open: outcome = .opening(.opened(sessions[index].id, granted: nil))
          case .confirmOwnership:
            outcome = .picture(StorePicture(sessions: sessions, claims: claims))
          case .acquire(let addresses, let id):
            var answers: [IPAddress: AcquireAnswer] = [:]
            for address in addresses {
              if let holder = claims[address] {
                answers[address] = .heldBy(holder)
              } else {
                let holder = Holder(node: nodes[index], session: id, epoch: Epoch(1))
                claims[address] = holder
                answers[address] = .acquired(holder.epoch)
                fresh.append(.claimed(address, holder))
              }
            }
            outcome = .acquisition(answers)
          case .renew, .release, .prefer, .close: outcome = .done
          }
          elections[index].report(outcome, of: call, at: now)
        }
      }
      news = fresh
    }
    return elections.map(\.view.held.count)
  }
}
