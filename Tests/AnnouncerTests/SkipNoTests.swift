import Announcer
import Testing
import Wire

/// A row for every reason why a link does not carry announcements.
///
/// A new `SkipReason` does not compile here until `init` names its row; a new row needs links on which `x` has
/// the reason.
enum SkipNo: String, CaseIterable, Sendable {
  case noPatternMatches, outsideTheNarrowerPatterns, notEthernet, loopback, pointToPoint, noARP,
    port
  case portOfUnknownMaster, framesTaken, hearsListedSendersOnly, hearsOwnAddressesOnly
  case virtualMachine, leadsNowhere, virtualKind, nameFamily, sameLAN, noHardwareAddress
  case unusableHardwareAddress, administrativelyDown, noCarrier, operationalState, noBroadcast
  case noMulticast, ipv6Disabled, sendRefused

  init(_ reason: SkipReason) {
    self =
      switch reason {
      case .noPatternMatches: .noPatternMatches
      case .outsideTheNarrowerPatterns: .outsideTheNarrowerPatterns
      case .notEthernet: .notEthernet
      case .loopback: .loopback
      case .pointToPoint: .pointToPoint
      case .noARP: .noARP
      case .port: .port
      case .portOfUnknownMaster: .portOfUnknownMaster
      case .framesTaken: .framesTaken
      case .hearsListedSendersOnly: .hearsListedSendersOnly
      case .hearsOwnAddressesOnly: .hearsOwnAddressesOnly
      case .virtualMachine: .virtualMachine
      case .leadsNowhere: .leadsNowhere
      case .virtualKind: .virtualKind
      case .nameFamily: .nameFamily
      case .sameLAN: .sameLAN
      case .noHardwareAddress: .noHardwareAddress
      case .unusableHardwareAddress: .unusableHardwareAddress
      case .administrativelyDown: .administrativelyDown
      case .noCarrier: .noCarrier
      case .operationalState: .operationalState
      case .sendRefused: .sendRefused
      case .noBroadcast: .noBroadcast
      case .noMulticast: .noMulticast
      case .ipv6Disabled: .ipv6Disabled
      }
  }

  /// The name of the link that has the reason.
  var name: String { self == .nameFamily ? "veth0" : "x0" }

  /// The links of the node; the one in question among them.
  var links: [Link] {
    var link = ethernet(2, name)
    switch self {
    case .noPatternMatches, .outsideTheNarrowerPatterns, .nameFamily: break
    case .notEthernet: link.hardwareType = 32
    case .loopback: link.flags.insert(.loopback)
    case .pointToPoint: link.flags.insert(.pointToPoint)
    case .noARP: link.flags.insert(.noARP)
    case .port: return [ethernet(2, name, master: 3), ethernet(3, "br0", kind: "bridge")]
    case .portOfUnknownMaster: link.masterIndex = 9
    case .framesTaken:
      var taker = ethernet(3, "y0", kind: "hsr")
      taker.takesFrom = [2]
      return [link, taker]
    case .hearsListedSendersOnly: link.hearsListedSendersOnly = true
    case .hearsOwnAddressesOnly: link.kind = "ipvlan"
    case .virtualMachine: link.kind = "macvtap"
    case .leadsNowhere: link.kind = "dummy"
    case .virtualKind: link.kind = "vxlan"
    case .sameLAN: return [ethernet(2, name, kind: "macvlan", parent: 3), ethernet(3, "x1")]
    case .noHardwareAddress: link.hardwareAddress = nil
    case .unusableHardwareAddress: link.hardwareAddress = .zero
    case .administrativelyDown: link.flags.remove(.up)
    case .noCarrier: link.flags.remove(.lowerUp)
    case .operationalState: link.operationalState = .dormant
    case .sendRefused: (link.refusedARP, link.refusedNDP) = ("ENOBUFS", "ENOBUFS")
    case .noBroadcast: link.flags.remove(.broadcast)
    case .noMulticast: link.flags.remove(.multicast)
    case .ipv6Disabled: link.isIPv6Disabled = true
    }
    return [link]
  }

  var patterns: [String] { self == .noPatternMatches ? ["^lan0$"] : ["^x", "^veth"] }
  var narrower: [String] { self == .outsideTheNarrowerPatterns ? ["^lan0$"] : [] }
}

/// No silent no: whatever keeps a link from carrying an address is told of the link, where `check` and `status`
/// list it, and, once a pattern has chosen the link, of the address too.
struct SkipNoTests {
  @Test(arguments: SkipNo.allCases)
  func everyReasonIsToldOf(row: SkipNo) throws {
    let request = AnnouncementRequest(
      origin: "test",
      ranges: [IPRange(IPAddress("10.0.0.1")!), IPRange(IPAddress("fd00::1")!)],
      patterns: try row.patterns.map { try InterfacePattern($0) },
      narrower: try row.narrower.map { try InterfacePattern($0) })
    let service = Serviceability(
      Assignments([request]), node: "node-a", isDrained: false, links: row.links)
    let verdict = try #require(service.selections[0].verdicts.first { $0.name == row.name })
    let reasons = [verdict.reason, verdict.arpReason, verdict.ndpReason].compactMap(\.self)
    let reason = try #require(reasons.first { SkipNo($0) == row }, "\(reasons)")

    let told = request.ranges.compactMap { service[$0.lower]?.reason }.map(\.description)
    switch row {
    case .noPatternMatches, .outsideTheNarrowerPatterns:
      #expect(verdict.reason == reason)
      #expect(told.allSatisfy { $0.contains("no ") } && told.count == 2, "\(told)")
    case .sameLAN:
      // The other one serves.
      #expect(verdict.reason == reason && told.isEmpty, "\(told)")
    default:
      #expect(told.contains { $0.contains("\(row.name): \(reason)") }, "\(told)")
    }
  }
}
