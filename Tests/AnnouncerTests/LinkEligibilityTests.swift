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

  /// Its frames are handed to the master before our sockets see them, whatever a pattern says.
  @Test(arguments: ["bridge", "bond", "team", "openvswitch", nil], [false, true])
  func aPortHearsNothing(kind: String?, isNamedExactly: Bool) {
    let master = ethernet(9, "up9", kind: kind)
    let port = ethernet(2, "eth1", master: 9)
    #expect(
      exclusion(port, exactly: isNamedExactly, among: [master]) == .port(of: "up9", kind: kind))
    #expect(exclusion(master, exactly: isNamedExactly, among: [port]) == nil)
  }

  @Test func whatTakesFramesMakesTheOtherDeaf() {
    for kind in ["macvlan", "hsr", "dsa"] {
      var taker = ethernet(5, "x5", kind: kind, parent: 2)
      let parent = ethernet(2, "eth0")
      #expect(exclusion(parent, among: [taker]) == nil)
      taker.takesFrom = [2]
      #expect(
        exclusion(parent, exactly: true, among: [taker])
          == .framesTaken(by: "x5", kind: kind, isUsable: true))
      #expect(exclusion(taker, exactly: true, among: [parent]) == nil)
    }
    var tap = ethernet(5, "mt0", kind: "macvtap", parent: 2)
    tap.takesFrom = [2]
    #expect(
      exclusion(ethernet(2, "eth0"), among: [tap])
        == .framesTaken(by: "mt0", kind: "macvtap", isUsable: false))
  }

  @Test func whatIsGivenAPartOfItsFramesIsNotUsed() {
    var source = ethernet(5, "mv0", kind: "macvlan", parent: 2)
    source.hearsListedSendersOnly = true
    let parent = ethernet(2, "eth0")
    #expect(exclusion(source, exactly: true, among: [parent]) == .hearsListedSendersOnly)
    #expect(
      exclusion(ethernet(5, "iv0", kind: "ipvlan", parent: 2), exactly: true, among: [parent])
        == .hearsOwnAddressesOnly(parent: "eth0"))
    #expect(
      exclusion(ethernet(5, "iv0", kind: "ipvlan"), exactly: true)
        == .hearsOwnAddressesOnly(parent: nil))
    for kind in ["macvtap", "ipvtap"] {
      #expect(
        exclusion(ethernet(5, "t0", kind: kind), exactly: true) == .virtualMachine(kind: kind))
    }
    for kind in ["dummy", "ifb", "nlmon"] {
      #expect(exclusion(ethernet(5, "d0", kind: kind), exactly: true) == .leadsNowhere(kind: kind))
    }
  }

  @Test func aVRFOwnsNoFrames() {
    #expect(
      exclusion(ethernet(2, "eth1", master: 9), among: [ethernet(9, "blue", kind: "vrf")]) == nil)
  }

  @Test func aPortOfAnUnknownMasterIsSkipped() {
    #expect(
      exclusion(ethernet(2, "eth1", master: 9), exactly: true) == .portOfUnknownMaster(index: 9))
  }

  @Test(arguments: [
    "tun", "wireguard", "vxlan", "geneve", "gre", "gretap", "ipip", "sit",
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
    third.smallMTU = 1200
    #expect(rules.ndpExclusion(of: third) == .ipv6Disabled(name: "a", smallMTU: 1200))
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
