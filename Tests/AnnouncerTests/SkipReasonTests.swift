import Announcer
import Testing
import Wire

struct SkipReasonTests {
  static let all: [SkipReason] = [
    .noPatternMatches, .outsideTheNarrowerPatterns, .notEthernet(hardwareType: 32), .loopback,
    .pointToPoint, .noARP, .port(of: "br0", kind: "bridge"), .portOfUnknownMaster(index: 4),
    .framesTaken(by: "mv0", kind: "macvlan", isUsable: true), .hearsListedSendersOnly,
    .hearsOwnAddressesOnly(parent: "eth0"), .virtualMachine(kind: "macvtap"),
    .leadsNowhere(kind: "dummy"), .virtualKind("vxlan", name: "vx0"),
    .nameFamily("veth*", name: "veth0"), .sameLAN(as: "eth0", name: "mv0"), .noHardwareAddress,
    .unusableHardwareAddress(.zero), .administrativelyDown(name: "eth0"), .noCarrier,
    .operationalState(.dormant), .noBroadcast, .noMulticast, .ipv6Disabled(name: "eth0"),
  ]

  @Test func aPortIsToldWhatToWriteInstead() {
    #expect(
      "\(SkipReason.port(of: "br0", kind: "bridge"))"
        == "port of bridge br0, which is given what is asked here: match ^br0$ instead")
    #expect(
      "\(SkipReason.port(of: "eth0", kind: nil))"
        == "port of eth0, which is given what is asked here: match ^eth0$ instead")
    // Its datapath is no interface to match.
    #expect(
      "\(SkipReason.port(of: "ovs-system", kind: "openvswitch"))"
        .hasSuffix("match the interface that has its bridge's name instead (ovs-vsctl list-br)"))
    // Where it would not help, nothing is advised.
    #expect(
      "\(SkipReason.framesTaken(by: "mt0", kind: "macvtap", isUsable: false))"
        == "macvtap mt0 takes the frames that come in here")
  }

  @Test func remediesCanBePastedIntoAShell() {
    #expect("\(SkipReason.administrativelyDown(name: "lan0"))".hasSuffix("ip link set lan0 up"))
    #expect(
      "\(SkipReason.ipv6Disabled(name: "eth0.100"))"
        .hasSuffix("sysctl -w net.ipv6.conf.eth0/100.disable_ipv6=0"))
    #expect(
      "\(SkipReason.ipv6Disabled(name: "eth0", smallMTU: 1200))"
        == "its MTU of 1200 is too small for IPv6, which needs 1280: ip link set eth0 mtu 1280")
  }

  @Test(arguments: all)
  func everyReasonIsOneLineAndHasACode(reason: SkipReason) {
    #expect(!reason.description.isEmpty && !reason.description.contains("\n"))
    #expect(!reason.description.hasSuffix("."))
    #expect(reason.code.allSatisfy { $0 == "-" || $0.isLowercase || $0.isNumber })
  }

  @Test func anEmptyBridgeIsExplained() {
    #expect("\(SkipReason.unusableHardwareAddress(.zero))".contains("bridge without ports"))
    #expect("\(SkipReason.unusableHardwareAddress(.broadcast))".contains("ff:ff:ff:ff:ff:ff"))
  }
}
