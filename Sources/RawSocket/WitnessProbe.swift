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

  private let witness: Link
  private let probes: [Probe]

  package init(_ addresses: [IPAddress], from witness: Link) {
    self.witness = witness
    probes = addresses.map { Probe($0, on: [witness]) }
  }

  /// Blocks the calling thread for some milliseconds where all is well, for a second where nobody
  /// answers.
  ///
  /// - Returns: who answered, for every address.
  /// - Throws: EPERM without CAP_NET_RAW; ENETDOWN where the link is down.
  package func run() throws(SystemError) -> [IPAddress: Set<MACAddress>] {
    var answers: [IPAddress: Set<MACAddress>] = [:]
    guard let hardwareAddress = witness.hardwareAddress else { return [:] }
    for probe in probes { answers[probe.address] = [] }
    let capture = try LinkCapture(
      link: witness.name, filter: "(arp and arp[6:2] = 2) or (icmp6 and ip6[40] = 136)")
    for _ in 0..<Self.attempts {
      for probe in probes where answers[probe.address]?.isEmpty == true {
        try capture.send(probe.question(from: hardwareAddress, on: witness))
        try listen(to: capture, until: .now + Self.spacing, &answers)
      }
      let deadline = Instant.now + Self.patience
      while answers.values.contains(where: \.isEmpty), Instant.now < deadline {
        try listen(to: capture, until: deadline, &answers)
      }
      guard answers.values.contains(where: \.isEmpty) else { break }
    }
    return answers
  }

  /// Takes what comes until the deadline, or until every address was answered for.
  private func listen(
    to capture: borrowing LinkCapture, until deadline: Instant,
    _ answers: inout [IPAddress: Set<MACAddress>]
  ) throws(SystemError) {
    while true {
      let left = deadline - .now
      guard left > .zero else { return }
      var descriptor = pollfd(fd: capture.fileDescriptor, events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&descriptor, 1, Int32(left.nanoseconds / 1_000_000) + 1)
      while let packet = try capture.next() {
        for probe in probes {
          guard let station = probe.station(in: packet.octets) else { continue }
          answers[probe.address]?.insert(station)
        }
      }
      guard answers.values.contains(where: \.isEmpty) else { return }
    }
  }
}
