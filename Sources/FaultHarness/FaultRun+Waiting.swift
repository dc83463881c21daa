internal import CLinux
internal import FaultCheckers
internal import Glibc
internal import LANTestKit
internal import LinuxSystem
internal import Time
internal import Wire

extension FaultRun {
  /// Waits until nodes have new claims on addresses that the victim had, and they are answered.
  func waitForNewClaims(_ addresses: [IPAddress]? = nil, since: Instant) async throws {
    let wanted = addresses ?? self.addresses
    let names = stage.nodes.map(\.name)
    let claimed = try await timeUntil(within: timing.crashBound + .seconds(8)) {
      try Task.checkCancellation()
      let history = OwnershipHistory(events: stage.events)
      return wanted.allSatisfy { address in
        guard let last = history.ownerships[address]?.last, last.until == nil,
          names.contains(last.node)
        else { return false }
        // Somebody else's, who was not touched, is as good.
        return last.from > since || last.node != victim.name
      }
    }
    guard claimed != nil else { throw HarnessError("nobody claims what was taken away") }
    try await waitForAnswers(wanted, from: stage.nodes, since: .now, within: .seconds(5))
  }

  /// Sets the machine's time of day.
  func stepClock(hours: Int) async throws {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    time.tv_sec += 3600 * hours
    let result = unsafe clock_settime(CLOCK_REALTIME, &time)
    guard result == 0 else { throw SystemError(call: "clock_settime", code: errno) }
    observer.clockWasSet()
  }
}

extension Host {
  /// How many packets the obstacle that counts them has dropped.
  func droppedPackets() async throws -> Int {
    let result = try await run("nft", "list", "table", "netdev", "fault")
    let words = result.standardOutput.split { " \n\t".contains($0) }
    guard let position = words.firstIndex(of: "packets"), position + 1 < words.count else {
      throw HarnessError("no counter: \(result.standardOutput)\(result.standardError)")
    }
    return Int(words[position + 1]) ?? 0
  }
}
