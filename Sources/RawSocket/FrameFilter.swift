package import Wire

/// The kernel filter of one packet socket: which frames wake us at all (wire.md §6.1).
package struct FrameFilter: Sendable {
  /// What a socket listens for.
  package enum Interest: Sendable {
    /// ARP that asks for one of the addresses, whatever its opcode: oddities are counted.
    case arpTargets
    /// ARP whose sender claims to be one of the addresses.
    case arpSenders
    /// Neighbour solicitations for one of the addresses.
    case solicitations
    /// Advertisements of, and solicitations from, one of the addresses.
    case neighborClaims
  }

  package let program: [FilterInstruction]
  /// Whether no frame about a foreign address passes.
  package let isExact: Bool

  /// - Parameters:
  ///   - addresses: those of the interest's family count.
  ///   - interfaces: the links that matter; more than 16 are not told apart here.
  ///   - knowsArrival: whether the filter may ask for the frame's link and addressee; false only
  ///     for running it over stored frames, which have neither.
  package init(
    _ interest: Interest, addresses: some Sequence<IPAddress>, interfaces: [Int32],
    budget: Int = AddressSetFilter.maximumLength, knowsArrival: Bool = true
  ) {
    let wantsIPv6 = interest.isIPv6
    let numbers = addresses.lazy.filter { $0.isIPv6 == wantsIPv6 }
      .map { UInt32(truncatingIfNeeded: $0.number) }
    let arrival = knowsArrival ? Self.arrival(interfaces) : []
    let header = interest.header
    let set = AddressSetFilter(
      Array(numbers), budget: budget - arrival.count - header.count)
    program = arrival + header + set.program
    isExact = set.isExact
  }

  /// Not for another host, not our own, and on one of `interfaces`.
  private static func arrival(_ interfaces: [Int32]) -> [FilterInstruction] {
    let packetOtherHost: UInt32 = 3
    let packetOutgoing: UInt32 = 4
    var code: [FilterInstruction] = [
      .loadPacketType, .ifEqual(packetOtherHost, 1, else: 0),
      .ifEqual(packetOutgoing, 0, else: 1), .reject,
    ]
    guard interfaces.count <= 16 else { return code }
    code.append(.loadInterfaceIndex)
    for (place, index) in interfaces.enumerated() {
      code.append(
        .ifEqual(UInt32(bitPattern: index), UInt8(interfaces.count - place), else: 0))
    }
    code.append(.reject)
    return code
  }
}

extension FrameFilter.Interest {
  package var isIPv6: Bool {
    switch self {
    case .arpTargets, .arpSenders: false
    case .solicitations, .neighborClaims: true
    }
  }

  /// Loads into A the number to look up. Offsets are of an untagged Ethernet frame: the kernel
  /// takes priority tags away before it asks us.
  var header: [FilterInstruction] {
    let icmpv6: UInt32 = 58
    let fragment: UInt32 = 44
    let solicitation: UInt32 = 135
    let advertisement: UInt32 = 136
    return switch self {
    // A truncated packet passes, to be counted.
    case .arpTargets: [.loadLength, .ifAtLeast(42, 1, else: 0), .accept, .loadWord(38)]
    case .arpSenders: [.loadLength, .ifAtLeast(42, 1, else: 0), .reject, .loadWord(28)]
    case .solicitations:
      [
        .loadOctet(20), .ifEqual(icmpv6, 7, else: 0),
        // A fragment that begins with a solicitation passes, to be counted.
        .ifEqual(fragment, 0, else: 5), .loadOctet(54), .ifEqual(icmpv6, 0, else: 3),
        .loadOctet(62), .ifEqual(solicitation, 0, else: 1), .accept, .reject,
        .loadOctet(54), .ifEqual(solicitation, 1, else: 0), .reject,
        .loadLength, .ifAtLeast(78, 1, else: 0), .accept, .loadWord(74),
      ]
    case .neighborClaims:
      [
        .loadOctet(20), .ifEqual(icmpv6, 1, else: 0), .reject,
        .loadOctet(54), .ifEqual(advertisement, 0, else: 2), .loadWord(74), .jump(3),
        .ifEqual(solicitation, 1, else: 0), .reject, .loadWord(34),
      ]
    }
  }
}
