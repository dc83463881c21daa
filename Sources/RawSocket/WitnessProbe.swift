package import Announcer
internal import CLinux
internal import Glibc
package import LinuxSystem
internal import Time
package import Wire

/// Asks from another link of this node for addresses that it announces, as a neighbour would.
package struct WitnessProbe: Sendable {
  /// How often an address is asked for before silence counts.
  private static let attempts = 3
  /// How long answers to one attempt are listened for: a machine under load may take its time.
  private static let patience = Duration.milliseconds(400)
  /// Between two questions: a round is no burst.
  private static let spacing = Duration.milliseconds(2)

  /// Stations whose answers are kept for one address, besides the one that should answer: others are made up
  /// as fast as they can be sent.
  private static let mostOthers = 4
  /// Frames that are read before the time is looked at.
  private static let turn = 256

  private let witness: Link
  private let expected: MACAddress
  private let probes: [Probe]

  /// IPv6 addresses are left out where the witness has no link-local address: the answer to a question
  /// without a sender goes to everybody, as announcements do, and proves nothing.
  ///
  /// - Parameter expected: who should answer.
  package init(_ addresses: [IPAddress], from witness: Link, expecting expected: MACAddress) {
    self.witness = witness
    self.expected = expected
    probes = addresses.filter { !$0.isIPv6 || witness.linkLocalAddress != nil }
      .map { Probe($0, on: [witness]) }
  }

  /// Blocks the calling thread for some milliseconds where all is well, for a second where nobody
  /// answers.
  ///
  /// - Parameter end: ends it when raised.
  /// - Returns: who answered, for every address that was asked for.
  /// - Throws: EPERM without CAP_NET_RAW; ENETDOWN where the link is down; ECANCELED where it was ended.
  package func run(
    until end: StopSignal
  ) throws(SystemError) -> [IPAddress: Set<MACAddress>] {
    var answers: [IPAddress: Set<MACAddress>] = [:]
    guard let hardwareAddress = witness.hardwareAddress, !probes.isEmpty else { return [:] }
    for probe in probes { answers[probe.address] = [] }
    let capture = try LinkCapture(
      link: witness.name,
      // Sent to us alone: what is announced to all is heard whether or not questions are.
      filter: """
        ether dst \(hardwareAddress) and ((arp and arp[6:2] = 2) or (icmp6 and ip6[40] = 136))
        """)
    for _ in 0..<Self.attempts {
      for probe in probes where answers[probe.address]?.isEmpty == true {
        try capture.send(probe.question(from: hardwareAddress, on: witness))
        try listen(to: capture, until: .now + Self.spacing, or: end, &answers)
      }
      let deadline = Instant.now + Self.patience
      while answers.values.contains(where: \.isEmpty), Instant.now < deadline {
        try listen(to: capture, until: deadline, or: end, &answers)
      }
      guard answers.values.contains(where: \.isEmpty) else { break }
    }
    return answers
  }

  /// Takes what comes until the deadline, or until every address was answered for.
  private func listen(
    to capture: borrowing LinkCapture, until deadline: Instant, or end: StopSignal,
    _ answers: inout [IPAddress: Set<MACAddress>]
  ) throws(SystemError) {
    while true {
      let left = deadline - .now
      guard left > .zero else { return }
      var sources = [
        pollfd(fd: capture.fileDescriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: end.fileDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      _ = unsafe poll(&sources, 2, Int32(left.nanoseconds / 1_000_000) + 1)
      guard sources[1].revents == 0 else {
        throw SystemError(call: "poll", subject: witness.name, code: ECANCELED)
      }
      var frames = Self.turn
      while frames > 0, let packet = try capture.next() {
        frames -= 1
        for probe in probes {
          guard let station = probe.station(in: packet.octets) else { continue }
          Self.note(station, in: &answers[probe.address, default: []], expecting: expected)
        }
      }
      guard answers.values.contains(where: \.isEmpty) else { return }
    }
  }

  /// The station that should answer is among those that are kept, however many others there are.
  static func note(
    _ station: MACAddress, in stations: inout Set<MACAddress>, expecting expected: MACAddress
  ) {
    let others = stations.count - (stations.contains(expected) ? 1 : 0)
    if station == expected || others < mostOthers { stations.insert(station) }
  }
}
