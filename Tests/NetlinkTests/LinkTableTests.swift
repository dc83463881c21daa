import Announcer
import Netlink
import Testing
import Wire

struct LinkTableTests {
  static let able: LinkFlags = [.up, .broadcast, .multicast, .lowerUp]

  func lan0(_ change: (inout LinkMessage) -> Void = { _ in }) -> RouteMessage.Body {
    var message = LinkMessage(
      index: 7, name: "lan0", flags: Self.able, operationalState: .up, kind: "veth",
      hardwareAddress: MACAddress(rawValue: 0x0200_0000_0007), carrierUpCount: 1,
      transmittedPackets: 50, isIPv6Disabled: false)
    change(&message)
    return .newLink(message)
  }

  func address(_ text: String, _ length: Int = 24, index: Int32 = 7, peer: String? = nil) throws
    -> AddressMessage
  {
    AddressMessage(
      index: index, address: try #require(IPAddress(text)), prefixLength: length,
      peer: peer.flatMap { IPAddress($0) })
  }

  func table(_ messages: RouteMessage.Body...) -> LinkTable {
    var table = LinkTable()
    for message in messages { table.apply(message) }
    return table
  }

  func revision(_ table: LinkTable) -> UInt32? { table.links.first?.revision }

  @Test func aFirstMessageIsALinkOfRevisionZero() throws {
    let link = try #require(table(lan0()).links.first)
    #expect(link.id == LinkID(index: 7, generation: 0) && link.revision == 0)
    #expect(link.name == "lan0" && link.canCarry && link.kind == "veth")
  }

  /// What had come in before the link came up again says nothing of this time.
  @Test func whatWasReceivedBeforeItCameUpIsRemembered() throws {
    var subject = table(lan0 { $0.receivedPackets = 5 })
    #expect(subject.links.first?.receivedWhenUp == 0)
    subject.apply(lan0 { $0.receivedPackets = 9 })
    #expect(subject.links.first?.receivedWhenUp == 0)
    subject.apply(
      lan0 {
        $0.flags = [.up]
        $0.receivedPackets = 11
      })
    subject.apply(lan0 { $0.receivedPackets = 12 })
    #expect(subject.links.first?.receivedWhenUp == 12)
    subject.apply(lan0 { $0.receivedPackets = 40 })
    #expect(subject.links.first?.receivedWhenUp == 12)
  }

  @Test func theSameMessageAgainChangesNothing() {
    #expect(table(lan0(), lan0()).links == table(lan0()).links)
  }

  @Test func theSecondMessageAfterUpIsTheOneThatCounts() {
    var subject = table(lan0())
    subject.apply(
      lan0 {
        $0.flags.remove([.up, .lowerUp])
        $0.operationalState = .down
      })
    #expect(revision(subject) == 0)
    subject.apply(
      lan0 {
        $0.operationalState = .down
        $0.carrierUpCount = 2
      })
    #expect(revision(subject) == 0)
    subject.apply(lan0 { $0.carrierUpCount = 2 })
    #expect(revision(subject) == 1)
    subject.apply(lan0 { $0.carrierUpCount = 2 })
    #expect(revision(subject) == 1)
  }

  @Test func carrierLostAndBackIsOneReason() {
    var subject = table(lan0())
    subject.apply(
      lan0 {
        $0.flags.remove(.lowerUp)
        $0.operationalState = .lowerLayerDown
      })
    subject.apply(lan0())
    #expect(revision(subject) == 1)
  }

  @Test func aFlapFasterThanTheKernelsMessagesShowsInItsCount() {
    #expect(revision(table(lan0(), lan0 { $0.carrierUpCount = 2 })) == 1)
  }

  @Test func aChangedHardwareAddressANewNameAndEventsAreReasons() {
    #expect(revision(table(lan0(), lan0 { $0.hardwareAddress = .init(rawValue: 2) })) == 1)
    #expect(revision(table(lan0(), lan0 { $0.name = "lan1" })) == 1)
    #expect(revision(table(lan0(), lan0 { $0.event = .bondingFailover })) == 1)
    #expect(revision(table(lan0(), lan0 { $0.event = .notifyPeers })) == 1)
  }

  @Test func otherChangesAreNone() {
    #expect(
      revision(
        table(
          lan0(),
          lan0 {
            $0.masterIndex = 3
            $0.transmittedPackets = 0
          })) == 0)
    #expect(revision(table(lan0(), lan0 { $0.isIPv6Disabled = true })) == 0)
  }

  @Test func aDeletionOfFamilyUnspecifiedBeginsANewLife() throws {
    var subject = table(lan0(), .newAddress(try address("10.0.0.1")))
    subject.apply(.deleteLink(family: 0, index: 7))
    #expect(subject.links.isEmpty)
    subject.apply(lan0())
    let link = try #require(subject.links.first)
    #expect(link.id == LinkID(index: 7, generation: 1) && link.revision == 0)
    #expect(link.addresses.isEmpty)
  }

  @Test func aReleaseFromABridgeIsNoDeletion() {
    var subject = table(lan0 { $0.masterIndex = 9 })
    subject.apply(.deleteLink(family: 7, index: 7))
    subject.apply(lan0())
    #expect(subject.links.first?.id == LinkID(index: 7, generation: 0))
    #expect(subject.links.first?.masterIndex == nil)
  }

  @Test func messagesOfOtherFamiliesDescribeNoLink() {
    #expect(
      table(
        lan0(),
        lan0 {
          $0.family = 7
          $0.name = "x"
        }
      ).links.first?.name == "lan0")
  }

  @Test func ofTwoLivesTheLaterHasTheGreaterGeneration() {
    var subject = table(lan0())
    var seen: Set<LinkID> = []
    for _ in 0..<5 {
      subject.apply(.newLink(LinkMessage(index: 8, name: "other")))
      seen.formUnion(subject.links.map(\.id))
      subject.apply(.deleteLink(family: 0, index: 8))
    }
    #expect(seen.count == 6)
  }

  @Test func addressesComeAndGoAndAreSorted() throws {
    var subject = table(
      lan0(), .newAddress(try address("fe80::1", 64)), .newAddress(try address("10.0.0.2")),
      .newAddress(try address("10.0.0.1")), .newAddress(try address("10.9.9.9", index: 4)))
    #expect(
      subject.links.first?.addresses.map(\.address.description)
        == ["10.0.0.1", "10.0.0.2", "fe80::1"])
    subject.apply(.deleteAddress(try address("10.0.0.2")))
    #expect(subject.links.first?.addresses.count == 2)
  }

  @Test func anAddressThatIsNoLongerTentativeIsUpdated() throws {
    var waiting = try address("fe80::1", 64)
    waiting.isTentative = true
    var subject = table(lan0(), .newAddress(waiting))
    #expect(subject.links.first?.linkLocalAddress == nil)
    subject.apply(.newAddress(try address("fe80::1", 64)))
    #expect(subject.links.first?.linkLocalAddress != nil)
    #expect(subject.links.first?.addresses.count == 1)
  }

  @Test func oneAddressTowardsTwoPeersIsTwoEntries() throws {
    var subject = table(
      lan0(), .newAddress(try address("10.0.0.1", 32, peer: "10.0.0.2")),
      .newAddress(try address("10.0.0.1", 32, peer: "10.0.0.3")))
    subject.apply(.deleteAddress(try address("10.0.0.1", 32, peer: "10.0.0.2")))
    #expect(subject.links.first?.addresses.count == 1)
  }

  @Test func aListingSweepsWhatItDidNotConfirm() throws {
    var subject = table(
      lan0(), .newLink(LinkMessage(index: 8, name: "gone")),
      .newAddress(try address("10.0.0.1")), .newAddress(try address("10.0.0.2")))
    subject.beginListing()
    subject.apply(lan0())
    subject.apply(.newAddress(try address("10.0.0.2")))
    #expect(subject.links.count == 2)
    subject.endListing()
    #expect(subject.links.map(\.name) == ["lan0"])
    #expect(subject.links.first?.addresses.map(\.address.description) == ["10.0.0.2"])
    #expect(subject.links.first?.revision == 0)
  }

  @Test func whatWasSweptIsAnotherLifeWhenItReturns() {
    var subject = table(lan0())
    subject.beginListing()
    subject.endListing()
    subject.apply(lan0())
    #expect(subject.links.first?.id.generation == 1)
  }

  @Test(arguments: [
    ("packets", 1), ("carrier", 1), ("kind", 1), ("both", 1), ("address", 0), ("same", 0),
  ])
  func afterLostMessagesSignsOfAnotherLifeCount(sign: String, generation: UInt32) {
    var subject = table(lan0 { $0.carrierUpCount = 4 })
    subject.suspectEverything()
    subject.apply(
      lan0 {
        $0.carrierUpCount = 4
        switch sign {
        case "packets": $0.transmittedPackets = 3
        case "carrier": $0.carrierUpCount = 1
        case "kind": $0.kind = "macvlan"
        case "both":
          $0.name = "x"
          $0.hardwareAddress = .init(rawValue: 2)
        case "address": $0.hardwareAddress = .init(rawValue: 2)
        default: break
        }
      })
    #expect(subject.links.first?.id.generation == generation)
    // The suspicion ends with the first word about the link.
    subject.apply(lan0 { $0.transmittedPackets = 0 })
    #expect(subject.links.first?.id.generation == generation)
  }

  @Test func theKernelIsAskedWhereAddressesSayThatIPv6CameOrWent() throws {
    var subject = table(lan0(), .newAddress(try address("fe80::1", 64)))
    #expect(subject.takeStale().isEmpty)
    subject.apply(.deleteAddress(try address("fe80::1", 64)))
    #expect(subject.takeStale() == [7])
    #expect(subject.takeStale().isEmpty)
    subject.apply(lan0 { $0.isIPv6Disabled = true })
    subject.apply(.newAddress(try address("fe80::1", 64)))
    #expect(subject.takeStale() == [7])
  }

  @Test func onlyAnMTUThatIsTooSmallForIPv6IsKept() {
    #expect(table(lan0 { $0.mtu = 1500 }).links.first?.smallMTU == nil)
    #expect(table(lan0 { $0.mtu = 1280 }).links.first?.smallMTU == nil)
    #expect(table(lan0 { $0.mtu = 1279 }).links.first?.smallMTU == 1279)
    #expect(table(lan0 { $0.mtu = 1200 }, lan0()).links.first?.smallMTU == 1200)
    #expect(table(lan0 { $0.mtu = 1200 }, lan0 { $0.mtu = 9000 }).links.first?.smallMTU == nil)
  }

  @Test func aMessageWithoutAnIPv6PartKeepsWhatWasKnown() {
    let subject = table(lan0 { $0.isIPv6Disabled = true }, lan0 { $0.isIPv6Disabled = nil })
    #expect(subject.links.first?.isIPv6Disabled == true)
  }
}
