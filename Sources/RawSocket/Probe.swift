package import Announcer
internal import CLinux
internal import Glibc
package import LinuxSystem
internal import Time
package import Wire

/// Asks a LAN who has an address, and listens to everybody who answers: the difference between "it
/// works" and "two nodes announce it".
package struct Probe: Sendable {
  /// A station that answered.
  package struct Answer: Hashable, Sendable {
    package var hardwareAddress: MACAddress
    /// The link it answered on.
    package var interface: String
    /// How many of its answers were heard.
    package var count: Int
    /// From the question before it to its first answer.
    package var latency: Duration
  }

  package let address: IPAddress
  package let links: [Link]

  /// - Parameter links: where to ask; each must have a hardware address.
  package init(_ address: IPAddress, on links: [Link]) {
    self.address = address
    self.links = links
  }

  /// Asks `count` times, `interval` apart, and listens for `interval` after the last. Blocks the
  /// calling thread.
  ///
  /// - Returns: every station that answered, fastest first.
  /// - Throws: EPERM without CAP_NET_RAW; ENETDOWN where a link is down.
  package func run(count: Int, interval: Duration) throws(SystemError) -> [Answer] {
    var answers: [Answer] = []
    for link in links {
      for answer in try run(on: link, count: count, interval: interval) {
        if let known = answers.firstIndex(where: { $0.hardwareAddress == answer.hardwareAddress }) {
          // The same station, heard over two of our links into one LAN.
          answers[known].count += answer.count
        } else {
          answers.append(answer)
        }
      }
    }
    return answers.sorted { $0.latency < $1.latency }
  }

  private func run(
    on link: Link, count: Int, interval: Duration
  ) throws(SystemError) -> [Answer] {
    guard let hardwareAddress = link.hardwareAddress else { return [] }
    let capture = try LinkCapture(link: link.name, filter: filter)
    let question = question(from: hardwareAddress, on: link)
    var answers: [MACAddress: Answer] = [:]
    for _ in 0..<count {
      let askedAt = Instant.now
      try capture.send(question)
      while true {
        let left = askedAt + interval - .now
        guard left > .zero else { break }
        var descriptor = pollfd(fd: capture.fileDescriptor, events: Int16(POLLIN), revents: 0)
        let milliseconds = Int32(left.nanoseconds / 1_000_000) + 1
        _ = unsafe poll(&descriptor, 1, milliseconds)
        while let packet = try capture.next() {
          guard let station = station(in: packet.octets) else { continue }
          answers[
            station,
            default: Answer(
              hardwareAddress: station, interface: link.name, count: 0, latency: .now - askedAt)
          ].count += 1
        }
      }
    }
    return Array(answers.values)
  }

  private var filter: String {
    switch address {
    case .v4(let address): "arp and arp[6:2] = 2 and arp[14:4] = \(address.rawValue)"
    case .v6: "icmp6 and ip6[40] = 136"
    }
  }

  /// The frame that asks. Its sender is the link's own address where it has one: some hosts answer
  /// only those in their own subnet.
  func question(from hardwareAddress: MACAddress, on link: Link) -> [UInt8] {
    switch address {
    case .v4(let address):
      let packet = ARPPacket(
        operation: ARPPacket.request, senderHardwareAddress: hardwareAddress,
        senderProtocolAddress: source(for: address, on: link), targetHardwareAddress: .zero,
        targetProtocolAddress: address)
      let frame = Frame(destination: .broadcast, source: hardwareAddress, message: .arp(packet))
      return [UInt8](capacity: frame.length) { frame.write(into: &$0) }
    case .v6(let address):
      let group = address.solicitedNodeGroup
      let source = link.linkLocalAddress
      let header = EthernetHeader(
        destination: MACAddress(multicast: group), source: hardwareAddress,
        etherType: EthernetHeader.ipv6)
      // Without an address of our own the question takes the form of duplicate address detection.
      let message = NeighborSolicitation(
        target: address, sourceLinkLayerAddress: source == nil ? nil : hardwareAddress)
      return [UInt8](capacity: 86) { output in
        header.write(into: &output)
        message.write(from: source ?? .any, to: group, into: &output)
      }
    }
  }

  private func source(for target: IPv4Address, on link: Link) -> IPv4Address {
    let own = link.addresses.compactMap { entry -> (IPv4Address, IPRange?)? in
      // With the address as its sender, the question would claim it, and nobody would answer.
      guard case .v4(let address) = entry.address, address != target else { return nil }
      return (address, IPRange(entry.address, prefixLength: entry.prefixLength))
    }
    let near = own.first { $0.1?.contains(.v4(target)) ?? false }
    return near?.0 ?? own.first?.0 ?? .any
  }

  /// Who says in `frame` that it has the address; nil where nobody does.
  func station(in frame: [UInt8]) -> MACAddress? {
    do {
      let header = try EthernetHeader.parse(frame.span)
      switch address {
      case .v4(let address):
        let packet = try ARPPacket.parse(frame.span, at: header.payloadOffset)
        return packet.senderProtocolAddress == address ? packet.senderHardwareAddress : nil
      case .v6(let address):
        let message = try ICMPv6Header.parse(frame.span, at: header.payloadOffset)
        guard message.type == ICMPv6Header.neighborAdvertisement else { return nil }
        let advertisement = try NeighborAdvertisement.parse(frame.span, message)
        guard advertisement.target == address else { return nil }
        return advertisement.targetLinkLayerAddress ?? header.source
      }
    } catch {
      return nil
    }
  }
}
