import LANTestKit
import Wire

/// Who asserted an address on the LAN, and when, as a capture saw it.
extension [CapturedFrame] {
  /// The frames by which some station says that it has `address`.
  func asserting(_ address: String) -> [CapturedFrame] {
    guard let address = IPAddress(address) else { return [] }
    return filter { $0.asserts(address) }
  }

  /// The announcements of `address`: what was not an answer to anybody.
  func announcing(_ address: String) -> [CapturedFrame] {
    asserting(address).filter { $0.destination == .broadcast || $0.octets[0] == 0x33 }
  }

  func after(_ wallClock: Int64) -> [CapturedFrame] { filter { $0.wallClock >= wallClock } }

  func from(_ station: MACAddress) -> [CapturedFrame] { filter { $0.source == station } }

  /// The stations that asserted, in the order in which they took turns: one station twice means
  /// that its time was interrupted by another's.
  var turns: [MACAddress] {
    reduce(into: []) { turns, frame in
      if turns.last != frame.source { turns.append(frame.source) }
    }
  }

  /// The time between the last frame of one station and the first of the next, for each change.
  var gaps: [Double] {
    zip(self, dropFirst()).filter { $0.source != $1.source }
      .map { Double($1.wallClock - $0.wallClock) / 1e6 }
  }
}

extension CapturedFrame {
  /// Whether it asks without a sender who has an address (RFC 5227 §1.1).
  var isProbe: Bool { arp.map { $0.operation == 1 && $0.sender == .any } ?? false }
}
