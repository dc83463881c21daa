import Announcer
import Testing
import Wire

struct SkipReasonTests {
  static let all: [SkipReason] = [
    .noPatternMatches, .outsideTheNarrowerPatterns, .notEthernet(hardwareType: 32), .loopback,
    .pointToPoint, .noARP, .port(of: "br0", kind: "bridge", name: "eth1"),
    .portOfUnknownMaster(index: 4, name: "eth1"), .virtualKind("dummy", name: "d0"),
    .nameFamily("veth*", name: "veth0"), .sameLAN(as: "eth0", name: "mv0"), .noHardwareAddress,
    .unusableHardwareAddress(.zero), .administrativelyDown(name: "eth0"), .noCarrier,
    .operationalState(.dormant), .noBroadcast, .noMulticast, .ipv6Disabled(name: "eth0"),
  ]

  @Test func aPortIsToldWhatToWriteInstead() {
    #expect(
      "\(SkipReason.port(of: "br0", kind: "bridge", name: "eth1"))"
        == "port of bridge br0: match the bridge instead, or name the port exactly with ^eth1$")
    #expect(
      "\(SkipReason.port(of: "eth0", kind: nil, name: "enP1"))"
        == "port of eth0: match eth0 instead, or name the port exactly with ^enP1$")
  }

  @Test func remediesCanBePastedIntoAShell() {
    #expect("\(SkipReason.administrativelyDown(name: "lan0"))".hasSuffix("ip link set lan0 up"))
    #expect(
      "\(SkipReason.ipv6Disabled(name: "eth0.100"))"
        .hasSuffix("sysctl -w net.ipv6.conf.eth0/100.disable_ipv6=0"))
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
