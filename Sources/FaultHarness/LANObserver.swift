internal import FaultCheckers
internal import LANTestKit
internal import LinuxSystem
internal import Synchronization
internal import Time
internal import Wire

/// What a capture on the LAN's bridges tells, as it comes: who asserts which address.
///
/// On the bridge and not at a host: what it forwards is what the LAN has heard.
final class LANObserver: Sendable {
  private struct State {
    var consumed: [Int]
    var assertions: [Assertion] = []
    /// The last assertion of an address by each station.
    var latest: [IPAddress: [MACAddress: Instant]] = [:]
  }

  private let captures: [Capture]
  private let addresses: Set<IPAddress>
  private let state: Mutex<State>
  /// Wall clock minus boot clock, once for each step of the former: captures have the kernel's time
  /// of day.
  private let clockOffsets: Mutex<[Int64]>

  /// - Parameters:
  ///   - bridges: the links of the bridge's namespace to listen on.
  ///   - client: asks all the time; its own questions are left out.
  init(
    on lan: LAN, bridges: [String], addresses: Set<IPAddress>, without client: MACAddress
  ) async throws {
    var captures: [Capture] = []
    for bridge in bridges {
      captures.append(
        try await lan.bridge.capture(
          "(arp and not ether src \(client)) or (icmp6 and ip6[40] == 136)", link: bridge))
    }
    self.captures = captures
    self.addresses = addresses
    state = Mutex(State(consumed: captures.map { _ in 0 }))
    clockOffsets = Mutex([Self.readClockOffset()])
  }

  /// How far the time of day is from where the capture began; more than a trifle is a step.
  var clockDrift: Duration {
    clockOffsets.withLock { .nanoseconds(Self.readClockOffset() - $0[$0.count - 1]) }
  }

  /// Says that the time of day was set.
  func clockWasSet() { clockOffsets.withLock { $0.append(Self.readClockOffset()) } }

  /// The time of a frame on the boot clock: by the offset with which it lies nearest to now.
  private func bootTime(_ wallClock: Int64) -> Instant {
    let now = Instant.now
    let times = clockOffsets.withLock { $0 }.map { Instant(nanoseconds: wallClock - $0) }
    return times.min { abs((now - $0).nanoseconds) < abs((now - $1).nanoseconds) } ?? now
  }

  /// The difference of the two clocks, read between two readings of the one.
  static func readClockOffset() -> Int64 {
    let before = Instant.now
    let wall = wallClockNanoseconds()
    let after = Instant.now
    return wall - (before.nanoseconds + (after - before).nanoseconds / 2)
  }

  /// Everything heard so far.
  var assertions: [Assertion] {
    refresh()
    return state.withLock { $0.assertions }
  }

  /// When a station asserted an address last.
  func lastHeard(_ address: IPAddress, from station: MACAddress) -> Instant? {
    refresh()
    return state.withLock { $0.latest[address]?[station] }
  }

  /// Who of `stations` asserted an address last.
  func lastSpeaker(of address: IPAddress, among stations: Set<MACAddress>) -> MACAddress? {
    refresh()
    return state.withLock { state in
      state.latest[address]?.filter { stations.contains($0.key) }.max { $0.value < $1.value }?.key
    }
  }

  /// Ends the captures; all their frames, in the order of time.
  func stop() async throws -> [CapturedFrame] {
    var frames: [CapturedFrame] = []
    for capture in captures { frames += try await capture.stop() }
    return frames.sorted { $0.wallClock < $1.wallClock }
  }

  private func refresh() {
    state.withLock { state in
      for (index, capture) in captures.enumerated() {
        let frames = capture.frames(from: state.consumed[index])
        state.consumed[index] += frames.count
        for frame in frames {
          guard let assertion = assertion(frame) else { continue }
          state.assertions.append(assertion)
          state.latest[assertion.address, default: [:]][assertion.station] = assertion.time
        }
      }
    }
  }

  /// What a frame asserts of an address that is watched; nil where nothing.
  private func assertion(_ frame: CapturedFrame) -> Assertion? {
    let time = bootTime(frame.wallClock)
    if let arp = frame.arp {
      let address = IPAddress.v4(arp.sender)
      guard addresses.contains(address), frame.asserts(address) else { return nil }
      return Assertion(time: time, address: address, station: arp.senderHardware)
    }
    if let message = frame.neighbourDiscovery, message.type == 136 {
      let address = IPAddress.v6(message.target)
      guard addresses.contains(address) else { return nil }
      return Assertion(
        time: time, address: address, station: message.linkLayerOption ?? frame.source)
    }
    return nil
  }
}
