import Announcer
import CMnl
import Netlink
import Testing
import Wire

struct RouteMessageReaderTests {
  typealias Bytes = MessageBytes

  func read(_ bytes: [UInt8]) -> RouteMessageReader {
    RouteMessageReader(bytes, count: bytes.count)
  }

  static func fullLink() -> [UInt8] {
    var configuration: [UInt8] = []
    for place in 0..<60 { configuration += Bytes.octets(Int32(place == 26 ? 1 : 0)) }
    let inet6 = Bytes.attribute(10, Bytes.attribute(Int(IFLA_INET6_CONF), configuration))
    var statistics = Bytes.octets(UInt64(88))
    statistics += Bytes.octets(UInt64(77)) + [UInt8](repeating: 0, count: 8 * 22)
    return Bytes.message(
      type: 16, flags: 2, sequence: 9,
      Bytes.linkHeader(index: 7)
        + Bytes.attribute(Int(IFLA_IFNAME), "lan0")
        + Bytes.attribute(Int(IFLA_ADDRESS), [2, 0, 0, 0, 1, 0xfe])
        + Bytes.attribute(Int(IFLA_MTU), Bytes.octets(UInt32(1400)))
        + Bytes.attribute(Int(IFLA_OPERSTATE), [6])
        + Bytes.attribute(Int(IFLA_MASTER), Bytes.octets(Int32(9)))
        + Bytes.attribute(Int(IFLA_LINK), Bytes.octets(Int32(4)))
        + Bytes.attribute(Int(IFLA_LINKINFO), Bytes.attribute(Int(IFLA_INFO_KIND), "macvlan"))
        + Bytes.attribute(Int(IFLA_EVENT), Bytes.octets(UInt32(IFLA_EVENT_NOTIFY_PEERS)))
        + Bytes.attribute(Int(IFLA_CARRIER_UP_COUNT), Bytes.octets(UInt32(3)))
        + Bytes.attribute(Int(IFLA_STATS64), statistics)
        + Bytes.attribute(Int(IFLA_AF_SPEC), inet6))
  }

  @Test func aLinkIsReadWithAllItsFacts() {
    let reader = read(Self.fullLink())
    #expect(reader.malformed == 0)
    #expect(
      reader.messages == [
        RouteMessage(
          sequence: 9,
          .newLink(
            LinkMessage(
              index: 7, name: "lan0",
              flags: [.up, .broadcast, .multicast, .lowerUp], operationalState: .up,
              kind: "macvlan",
              hardwareAddress: MACAddress("02:00:00:00:01:fe"), masterIndex: 9, parentIndex: 4,
              event: .notifyPeers, carrierUpCount: 3, transmittedPackets: 77, receivedPackets: 88,
              isIPv6Disabled: true, mtu: 1400))
        )
      ])
  }

  /// The numbers of IFLA_INFO_DATA's attributes mean something else for each kind.
  @Test(
    arguments: [
      ("macvlan", [(1, Bytes.octets(UInt32(8)))], [4], false),
      ("macvlan", [(1, Bytes.octets(UInt32(4)))], [], false),
      ("macvlan", [(1, Bytes.octets(UInt32(16))), (2, Bytes.octets(UInt16(0)))], [], true),
      ("macvtap", [(1, Bytes.octets(UInt32(16))), (2, Bytes.octets(UInt16(2)))], [4], true),
      ("hsr", [(1, Bytes.octets(Int32(5))), (2, Bytes.octets(Int32(6)))], [5, 6], false),
      ("dsa", [], [4], false), ("vlan", [(1, Bytes.octets(UInt16(8)))], [], false),
    ] as [(String, [(Int, [UInt8])], [Int32], Bool)])
  func whatTakesFramesFromOthersIsRead(
    kind: String, data: [(Int, [UInt8])], takesFrom: [Int32], isDeaf: Bool
  ) throws {
    let bytes = Bytes.message(
      type: 16,
      Bytes.linkHeader(index: 7) + Bytes.attribute(Int(IFLA_IFNAME), "x0")
        + Bytes.attribute(Int(IFLA_LINK), Bytes.octets(Int32(4)))
        + Bytes.attribute(
          Int(IFLA_LINKINFO),
          Bytes.attribute(Int(IFLA_INFO_KIND), kind)
            + Bytes.attribute(Int(IFLA_INFO_DATA), data.flatMap { Bytes.attribute($0.0, $0.1) })))
    guard case .newLink(let link) = try #require(read(bytes).messages.first).body else {
      Issue.record("not a link")
      return
    }
    #expect(link.kind == kind && link.takesFrom == takesFrom)
    #expect(link.hearsListedSendersOnly == isDeaf)
  }

  @Test func aParentInAnotherNamespaceIsNone() throws {
    let bytes = Bytes.message(
      type: 16,
      Bytes.linkHeader(index: 7) + Bytes.attribute(Int(IFLA_IFNAME), "lan0")
        + Bytes.attribute(Int(IFLA_LINK_NETNSID), Bytes.octets(Int32(0)))
        + Bytes.attribute(Int(IFLA_LINK), Bytes.octets(Int32(4))))
    guard case .newLink(let link) = try #require(read(bytes).messages.first).body else {
      Issue.record("not a link")
      return
    }
    #expect(link.parentIndex == nil && link.isIPv6Disabled == nil && link.hardwareAddress == nil)
  }

  @Test func aLinkWithoutAnIPv6PartHasNoIPv6() throws {
    let bytes = Bytes.message(
      type: 16,
      Bytes.linkHeader(index: 7) + Bytes.attribute(Int(IFLA_IFNAME), "lan0")
        + Bytes.attribute(Int(IFLA_AF_SPEC), Bytes.attribute(2, [])))
    guard case .newLink(let link) = try #require(read(bytes).messages.first).body else {
      Issue.record("not a link")
      return
    }
    #expect(link.isIPv6Disabled == true)
  }

  @Test func anAddressThatHasNotSixOctetsIsNoHardwareAddress() throws {
    let bytes = Bytes.message(
      type: 16,
      Bytes.linkHeader(type: 32, index: 7) + Bytes.attribute(Int(IFLA_IFNAME), "ib0")
        + Bytes.attribute(Int(IFLA_ADDRESS), [UInt8](repeating: 1, count: 20)))
    guard case .newLink(let link) = try #require(read(bytes).messages.first).body else {
      Issue.record("not a link")
      return
    }
    #expect(link.hardwareAddress == nil && link.hardwareType == 32)
  }

  @Test func aWirelessEventSaysNothingAboutTheLink() {
    let bytes = Bytes.message(type: 16, Bytes.linkHeader(index: 7) + Bytes.attribute(11, [1, 2]))
    #expect(read(bytes).messages.map(\.body) == [.other(type: 16)])
  }

  @Test func aDeletionKeepsItsFamily() {
    let bytes =
      Bytes.message(type: 17, Bytes.linkHeader(family: 7, index: 7))
      + Bytes.message(type: 17, Bytes.linkHeader(index: 7))
    #expect(
      read(bytes).messages.map(\.body) == [
        .deleteLink(family: 7, index: 7), .deleteLink(family: 0, index: 7),
      ])
  }

  @Test func addressesAreReadInBothFamilies() throws {
    let four =
      Bytes.addressHeader(family: 2, prefixLength: 24, index: 7)
      + Bytes.attribute(Int(IFA_ADDRESS), [10, 0, 0, 2])
      + Bytes.attribute(Int(IFA_LOCAL), [10, 0, 0, 1])
    let six =
      Bytes.addressHeader(family: 10, prefixLength: 64, index: 7)
      + Bytes.attribute(Int(IFA_ADDRESS), [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [1])
      + Bytes.attribute(Int(IFA_FLAGS), Bytes.octets(UInt32(0xc0)))
    let reader = read(Bytes.message(type: 20, four) + Bytes.message(type: 21, six))
    #expect(
      reader.messages.map(\.body) == [
        .newAddress(
          AddressMessage(
            index: 7, address: try #require(IPAddress("10.0.0.1")), prefixLength: 24,
            peer: IPAddress("10.0.0.2"))),
        .deleteAddress(
          AddressMessage(
            index: 7, address: try #require(IPAddress("fe80::1")), prefixLength: 64,
            isTentative: true)),
      ])
  }

  @Test(arguments: [
    (UInt32(0x40), true), (0x44, false), (0x08, true), (0x48, true), (0x80, false),
  ])
  func tentativeMeansNotUsable(flags: UInt32, isTentative: Bool) throws {
    let bytes = Bytes.message(
      type: 20,
      Bytes.addressHeader(family: 10, prefixLength: 64, index: 7)
        + Bytes.attribute(Int(IFA_ADDRESS), [UInt8](repeating: 0x20, count: 16))
        + Bytes.attribute(Int(IFA_FLAGS), Bytes.octets(flags)))
    guard case .newAddress(let address) = try #require(read(bytes).messages.first).body else {
      Issue.record("not an address")
      return
    }
    #expect(address.isTentative == isTentative)
  }

  @Test func theEndOfADumpAndAnErrorCarryTheirCodes() {
    let words = Bytes.attribute(1, "Device is busy")
    let bytes =
      Bytes.message(type: 3, flags: 0x10, sequence: 4, Bytes.octets(Int32(0)))
      + Bytes.message(
        type: 2, flags: 0x300, sequence: 5,
        Bytes.octets(Int32(-16)) + Bytes.octets(UInt32(40)) + [UInt8](repeating: 0, count: 12)
          + words)
    #expect(
      read(bytes).messages == [
        RouteMessage(sequence: 4, isInterrupted: true, .done(code: 0)),
        RouteMessage(sequence: 5, .failure(code: 16, message: "Device is busy")),
      ])
  }

  @Test func onlyProxyNeighboursAreRead() {
    func neighbour(flags: UInt8) -> [UInt8] {
      Bytes.message(
        type: 28,
        [2, 0, 0, 0] + Bytes.octets(Int32(7)) + Bytes.octets(UInt16(0)) + [flags, 0]
          + Bytes.attribute(Int(NDA_DST), [10, 0, 0, 9]))
    }
    #expect(
      read(neighbour(flags: 8) + neighbour(flags: 0)).messages.map(\.body) == [
        .proxy(NeighborProxy(address: .v4(IPv4Address(10, 0, 0, 9)), linkIndex: 7)),
        .other(type: 28),
      ])
  }

  @Test func aMalformedMessageDoesNotHideTheNextOne() {
    var bad = Self.fullLink()
    bad[32] = 200  // The name claims to be longer than the message… and is not.
    bad[33] = 200
    let reader = read(bad + Bytes.message(type: 17, Bytes.linkHeader(index: 3)))
    #expect(reader.malformed == 1)
    #expect(reader.messages.map(\.body) == [.deleteLink(family: 0, index: 3)])
  }

  @Test func everyTruncationIsCountedAndNoneCrashes() {
    let whole = Self.fullLink()
    for length in 0..<whole.count {
      let reader = RouteMessageReader(whole, count: length)
      #expect(reader.messages.isEmpty)
      #expect(reader.malformed == (length == 0 ? 0 : 1))
    }
  }

  /// Cuts the message itself, with a length field that agrees: only attributes can notice.
  @Test func truncatedAttributesMakeTheMessageMalformed() {
    let whole = Self.fullLink()
    var counted = 0
    for length in 16..<whole.count {
      var cut = Array(whole.prefix(length))
      cut.replaceSubrange(0..<4, with: Bytes.octets(UInt32(length)))
      counted += read(cut).malformed
    }
    #expect(counted > whole.count / 2)
    var cut = Array(whole.prefix(40))
    cut.replaceSubrange(0..<4, with: Bytes.octets(UInt32(39)))
    #expect(read(cut).malformed == 1)
  }

  @Test func numbersThatAreTooShortAreMalformed() {
    for type in [
      IFLA_MTU, IFLA_OPERSTATE, IFLA_MASTER, IFLA_EVENT, IFLA_CARRIER_UP_COUNT, IFLA_STATS64,
    ] {
      let bytes = Bytes.message(
        type: 16, Bytes.linkHeader(index: 7) + Bytes.attribute(Int(type), []))
      #expect(read(bytes).malformed == 1)
    }
    let address = Bytes.message(
      type: 20,
      Bytes.addressHeader(family: 10, prefixLength: 64, index: 7)
        + Bytes.attribute(Int(IFA_ADDRESS), [10, 0, 0, 1]))
    #expect(read(address).malformed == 1)
    let prefix = Bytes.message(
      type: 20,
      Bytes.addressHeader(family: 2, prefixLength: 33, index: 7)
        + Bytes.attribute(Int(IFA_ADDRESS), [10, 0, 0, 1]))
    #expect(read(prefix).malformed == 1)
  }

  @Test func aLengthBeyondEverythingIsMalformed() {
    for length in [UInt32(0), 15, 17_000_000, 0x8000_0000, .max] {
      var bytes = Self.fullLink()
      bytes.replaceSubrange(0..<4, with: Bytes.octets(length))
      #expect(read(bytes).malformed == 1 && read(bytes).messages.isEmpty)
    }
  }

  @Test func rubbishNeverCrashes() {
    var random = SystemRandomNumberGenerator()
    let seeds = [
      Self.fullLink(), Self.fullLink() + Self.fullLink(),
      Bytes.message(
        type: 2, flags: 0x200, Bytes.octets(Int32(-1)) + [UInt8](repeating: 0, count: 40)),
    ]
    for _ in 0..<20_000 {
      var bytes = seeds.randomElement(using: &random)!
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
      }
      _ = RouteMessageReader(bytes, count: .random(in: 0...bytes.count, using: &random))
    }
  }
}
