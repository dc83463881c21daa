import Announcer
import Testing
import Wire

/// Addresses that are something else already, and are not announced.
struct TakenAddressTests {
  private static func link(
    _ index: Int32, _ name: String, _ addresses: [String], flags: LinkFlags = []
  ) -> Link {
    Link(
      id: LinkID(index: index, generation: 0), name: name,
      flags: flags.union([.up, .lowerUp, .broadcast, .multicast]), operationalState: .up,
      hardwareAddress: MACAddress(rawValue: 0x0200_0000_0000 + UInt64(index)),
      addresses: addresses.map { text in
        let parts = text.split(separator: " peer ")
        let prefix = parts.last!.split(separator: "/")
        return LinkAddress(
          address: IPAddress(parts[0].split(separator: "/")[0])!, prefixLength: Int(prefix[1])!,
          peer: parts.count > 1 ? IPAddress(prefix[0]) : nil)
      })
  }

  private static let lan0 = link(2, "lan0", ["10.80.8.2/24", "2001:db8::2/64", "fe80::2/64"])

  private func serve(
    _ addresses: [String], patterns: [String] = [], _ links: [Link] = [lan0],
    _ known: KnownAddresses = KnownAddresses(), isDrained: Bool = false
  ) throws -> Serviceability {
    let request = AnnouncementRequest(
      origin: "configuration/a", ranges: addresses.map { IPRange(IPAddress($0)!) },
      patterns: try patterns.map { try InterfacePattern($0) })
    return Serviceability(
      Assignments([request]), node: "node-a", isDrained: isDrained, links: links, known: known)
  }

  @Test(
    arguments: [
      ("10.80.8.0", .networkAddress(link: "lan0")),
      ("10.80.8.255", .broadcastAddress(link: "lan0")),
      ("2001:db8::", .subnetRouterAnycast(link: "lan0")), ("10.80.8.1", nil), ("10.80.8.254", nil),
      ("2001:db8::1", nil), ("2001:db8::ffff:ffff:ffff:ffff", nil),
      // In no subnet of the node, so nothing is known of it.
      ("10.80.9.0", nil), ("10.80.9.255", nil), ("2001:db9::", nil),
    ] as [(String, AddressRole?)])
  func whatMeansASubnetIsNoAddress(text: String, role: AddressRole?) throws {
    let service = try serve([text, "10.80.8.150"])
    let address = try #require(IPAddress(text))
    #expect(service.taken == (role.map { [address: $0] } ?? [:]))
    #expect(service[address]?.reason == role.map(BlockReason.taken))
    #expect(service[address]?.links.isEmpty == (role != nil))
    #expect(service.candidates.contains(address) == (role == nil))
    #expect(service.candidates.contains(IPAddress("10.80.8.150")!), "another one is not concerned")
    #expect(service.reasons == (role.map { [.taken($0)] } ?? []))
    #expect(service.ofRequests(for: address)?.reason == nil)
  }

  @Test(
    arguments: [
      (["10.80.8.0/31"], ["10.80.8.1"]), (["10.80.8.7/32"], ["10.80.8.7"]),
      (["2001:db8::1/127"], ["2001:db8::"]), (["2001:db8::7/128"], ["2001:db8::7"]),
      (["10.80.8.1 peer 10.80.8.0/32"], ["10.80.8.0", "10.80.8.255"]),
    ] as [([String], [String])])
  func twoHostsAndOneHaveNoSubnetToMean(addresses: [String], free: [String]) throws {
    let service = try serve(free, [Self.link(2, "lan0", addresses)])
    #expect(service.taken.isEmpty && service.candidates.count == free.count)
  }

  /// What is told here is the address by which a node is reached. Further addresses, and single ones, may be given to
  /// every node on purpose.
  @Test func aNodesOwnAddressIsNotAnnounced() throws {
    let link = Self.link(
      2, "lan0",
      ["10.80.8.11/24", "10.80.8.150/24", "10.80.8.151/32", "2001:db8::11/64", "2001:db8::12/128"])
    let service = try serve(
      ["10.80.8.11", "10.80.8.150", "10.80.8.151", "2001:db8::11", "2001:db8::12"], [link])
    let own = AddressRole.ownAddress(link: "lan0")
    #expect(
      service.taken == [IPAddress("10.80.8.11")!: own, IPAddress("2001:db8::11")!: own])
    #expect(service.candidates.count == 3)
    // On another link it is nobody's business here.
    let elsewhere = try serve(
      ["10.80.8.11"], patterns: ["lan1"], [link, Self.link(3, "lan1", ["10.90.0.1/24"])])
    #expect(elsewhere.taken.isEmpty)
  }

  /// The prefix of an address with a peer is the peer's.
  @Test func theSubnetBehindAPeerIsThePeers() throws {
    let link = Self.link(2, "lan0", ["10.80.8.1/32 peer 10.99.0.2/24"])
    let service = try serve(["10.80.8.0", "10.80.8.255", "10.99.0.0", "10.99.0.255"], [link])
    #expect(
      service.taken == [
        IPAddress("10.99.0.0")!: .networkAddress(link: "lan0"),
        IPAddress("10.99.0.255")!: .broadcastAddress(link: "lan0"),
      ])
  }

  @Test func aLinkThatDoesNotServeSaysNothing() throws {
    let other = Self.link(3, "other0", ["10.80.9.1/24"])
    let known = KnownAddresses(gateways: [Gateway(IPAddress("10.80.9.254")!, on: 3)])
    let texts = ["10.80.9.0", "10.80.9.254", "10.80.9.255"]
    let apart = try serve(texts, patterns: ["^lan0$"], [Self.lan0, other], known)
    #expect(apart.taken.isEmpty && apart.candidates.count == 3)
    let both = try serve(texts, [Self.lan0, other], known)
    #expect(both.candidates.isEmpty, "one link where it is something else is enough")
  }

  @Test func othersAreLeftWhatTheyHave() throws {
    let texts = ["10.80.8.1", "2001:db8::1", "10.80.8.11", "10.80.8.21", "10.80.8.150"]
    let addresses = texts.map { IPAddress($0)! }
    let known = KnownAddresses(
      gateways: [Gateway(addresses[0], on: 2), Gateway(addresses[1], on: 2)],
      stores: [addresses[2]: "https://10.80.8.11:2379"], nodes: [addresses[3]: "node-b"])
    let service = try serve(texts, [Self.lan0], known)
    #expect(service.candidates == [addresses[4]])
    #expect(service[addresses[0]]?.reason == .taken(.defaultGateway(link: "lan0")))
    #expect(service[addresses[1]]?.reason == .taken(.defaultGateway(link: "lan0")))
    #expect(service[addresses[2]]?.reason == .taken(.leaseStore("https://10.80.8.11:2379")))
    #expect(service[addresses[3]]?.reason == .taken(.node("node-b")))
  }

  /// What keeps all addresses of a request from being served says more.
  @Test func anotherReasonGoesBefore() throws {
    let service = try serve(["10.80.8.255"], isDrained: true)
    #expect(service[IPAddress("10.80.8.255")!]?.reason == .drained && service.taken.isEmpty)
  }

  @Test(
    arguments: [
      (
        .networkAddress(link: "lan0"),
        "it is the network address of lan0, and no host can be reached by it: leave it out of what is announced"
      ),
      (
        .ownAddress(link: "lan0"),
        """
        it is this node's own address on lan0, and this node would be cut off where another one announces it: leave \
        it out of what is announced
        """
      ),
      (
        .defaultGateway(link: "lan0"),
        """
        it is the default gateway on lan0, and the LAN would be cut off from all other networks: leave it out of \
        what is announced
        """
      ),
      (
        .leaseStore("http://10.0.0.1:2379"),
        """
        it is the lease store's (http://10.0.0.1:2379), and the nodes would lose the store: leave it out of what is \
        announced
        """
      ),
      (
        .node("node-b"),
        "it is an address of the node node-b, and that node would be cut off: leave it out of what is announced"
      ),
      (
        .subnetRouterAnycast(link: "lan0"),
        """
        it is the subnet-router anycast address of lan0, and it means every router there: leave it out of what is \
        announced
        """
      ),
    ] as [(AddressRole, String)])
  func theReasonSaysWhatItIsAndWhatWouldComeOfIt(role: AddressRole, text: String) {
    #expect(BlockReason.taken(role).description == text)
    #expect(!BlockReason.taken(role).isIntended && !BlockReason.taken(role).isEverybodys)
  }
}
