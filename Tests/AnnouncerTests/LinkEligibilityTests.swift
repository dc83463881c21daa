import Announcer
import Testing
import Wire

struct LinkEligibilityTests {
  func exclusion(_ link: Link, exactly: Bool = false, among others: [Link] = []) -> SkipReason? {
    LinkEligibility(others + [link]).exclusion(of: link, isNamedExactly: exactly)
  }

  @Test func aPlainEthernetLinkIsFine() {
    let eth0 = ethernet(2, "eth0")
    #expect(exclusion(eth0) == nil)
    #expect(LinkEligibility([eth0]).impediment(of: eth0) == nil)
    #expect(LinkEligibility([eth0]).arpExclusion(of: eth0) == nil)
    #expect(LinkEligibility([eth0]).ndpExclusion(of: eth0) == nil)
  }

  @Test func whatCannotCarryARPOrNDPIsNeverUsedNotEvenByItsExactName() {
    var infiniband = ethernet(2, "ib0")
    infiniband.hardwareType = 32
    #expect(exclusion(infiniband, exactly: true) == .notEthernet(hardwareType: 32))

    var loopback = ethernet(1, "lo")
    loopback.hardwareType = 772
    loopback.flags.insert(.loopback)
    #expect(exclusion(loopback, exactly: true) == .loopback)

    var pointToPoint = ethernet(3, "x")
    pointToPoint.flags.insert(.pointToPoint)
    #expect(exclusion(pointToPoint, exactly: true) == .pointToPoint)

    var silent = ethernet(4, "y")
    silent.flags.insert(.noARP)
    #expect(exclusion(silent, exactly: true) == .noARP)
  }

  @Test(arguments: ["bridge", "bond", "team", "openvswitch", nil])
  func aPortIsItsMastersUnlessItIsNamedExactly(kind: String?) {
    let master = ethernet(9, "up9", kind: kind)
    let port = ethernet(2, "eth1", master: 9)
    #expect(exclusion(port, among: [master]) == .port(of: "up9", kind: kind, name: "eth1"))
    #expect(exclusion(port, exactly: true, among: [master]) == nil)
  }

  @Test func aVRFOwnsNoFrames() {
    #expect(
      exclusion(ethernet(2, "eth1", master: 9), among: [ethernet(9, "blue", kind: "vrf")]) == nil)
  }

  @Test func aPortOfAnUnknownMasterIsSkipped() {
    #expect(
      exclusion(ethernet(2, "eth1", master: 9)) == .portOfUnknownMaster(index: 9, name: "eth1"))
  }

  @Test(arguments: [
    "dummy", "ifb", "tun", "wireguard", "vxlan", "geneve", "gre", "gretap", "ipip", "sit",
  ])
  func kindsThatReachNoLANNeedTheirExactName(kind: String) {
    #expect(exclusion(ethernet(2, "x0", kind: kind)) == .virtualKind(kind, name: "x0"))
    #expect(exclusion(ethernet(2, "x0", kind: kind), exactly: true) == nil)
  }

  @Test(arguments: [
    ("lxc1a2b", "lxc*"), ("cali12", "cali*"), ("veth0", "veth*"), ("docker0", "docker*"),
    ("cni0", "cni*"), ("flannel.1", "flannel*"), ("cilium_host", "cilium_*"),
    ("kube-ipvs0", "kube-ipvs*"), ("virbr0", "virbr*"), ("tunl0", "tunl*"),
    ("ovs-system", "ovs-system"), ("tailscale0", "tailscale*"),
  ])
  func namesOfContainerInterfacesNeedTheirExactName(name: String, family: String) {
    #expect(exclusion(ethernet(2, name)) == .nameFamily(family, name: name))
    #expect(exclusion(ethernet(2, name), exactly: true) == nil)
  }

  @Test(arguments: ["veth", "vlan", "bridge", "bond", "macvlan", "vrf", "openvswitch"])
  func otherKindsAreFineUnderAnOrdinaryName(kind: String) {
    #expect(exclusion(ethernet(2, "lan0", kind: kind)) == nil)
  }

  @Test func namesThatOnlyContainAFamilyAreFine() {
    #expect(exclusion(ethernet(2, "myveth")) == nil)
    #expect(exclusion(ethernet(2, "ovs-system2")) == nil)
  }

  @Test func withoutBroadcastThereIsNoARPWithoutMulticastNoNDP() {
    var one = ethernet(2, "a")
    one.flags.remove(.broadcast)
    let rules = LinkEligibility([])
    #expect(rules.arpExclusion(of: one) == .noBroadcast)
    #expect(rules.ndpExclusion(of: one) == nil)
    var other = ethernet(2, "a")
    other.flags.remove(.multicast)
    #expect(rules.arpExclusion(of: other) == nil)
    #expect(rules.ndpExclusion(of: other) == .noMulticast)
    var third = ethernet(2, "a")
    third.isIPv6Disabled = true
    #expect(rules.ndpExclusion(of: third) == .ipv6Disabled(name: "a"))
    #expect(rules.arpExclusion(of: third) == nil)
  }

  @Test func withoutAStationAddressItIsNotYetTime() {
    let rules = LinkEligibility([])
    var bridge = ethernet(2, "br0", kind: "bridge")
    bridge.hardwareAddress = .zero
    #expect(rules.impediment(of: bridge) == .unusableHardwareAddress(.zero))
    bridge.hardwareAddress = MACAddress(rawValue: 0x0100_5e00_0001)
    #expect(rules.impediment(of: bridge) != nil)
    bridge.hardwareAddress = nil
    #expect(rules.impediment(of: bridge) == .noHardwareAddress)
  }

  static let states: [(LinkFlags, OperationalState, SkipReason?)] = [
    ([.up, .lowerUp], .up, nil),
    ([.up, .lowerUp], .unknown, nil),
    ([.lowerUp], .up, .administrativelyDown(name: "a")),
    ([.up], .up, .noCarrier),
    ([.up, .lowerUp], .down, .operationalState(.down)),
    ([.up, .lowerUp], .dormant, .operationalState(.dormant)),
    ([.up, .lowerUp], .lowerLayerDown, .operationalState(.lowerLayerDown)),
  ]

  @Test(arguments: states)
  func carryingNeedsUpAndLowerUpAndAnOperationalState(
    flags: LinkFlags, state: OperationalState, impediment: SkipReason?
  ) {
    let subject = ethernet(2, "a", flags: flags, state: state)
    #expect(LinkEligibility([]).impediment(of: subject) == impediment)
    #expect(subject.canCarry == (impediment == nil))
  }
}
