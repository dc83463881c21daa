import Announcer
import Testing
import Wire

struct ServiceabilityTests {
  private let address = IPAddress("10.80.8.150")!
  private let address6 = IPAddress("2001:db8::10")!

  private func link(_ index: Int32, _ name: String, isUp: Bool = true) -> Link {
    Link(
      id: LinkID(index: index, generation: 0), name: name,
      flags: isUp ? [.up, .lowerUp, .broadcast, .multicast] : [.up, .broadcast, .multicast],
      operationalState: isUp ? .up : .down,
      hardwareAddress: MACAddress(rawValue: 0x0200_0000_0000 + UInt64(index)))
  }

  private func request(
    _ origin: String, _ addresses: [String], patterns: [String] = ["lan0"], narrower: [String] = [],
    nodes: Set<String>? = nil
  ) throws -> AnnouncementRequest {
    AnnouncementRequest(
      origin: origin, ranges: addresses.map { IPRange(IPAddress($0)!) },
      patterns: try patterns.map { try InterfacePattern($0) },
      narrower: try narrower.map { try InterfacePattern($0) }, nodes: nodes)
  }

  private func serve(
    _ requests: [AnnouncementRequest], _ links: [Link], isDrained: Bool = false
  ) -> Serviceability {
    Serviceability(Assignments(requests), node: "node-a", isDrained: isDrained, links: links)
  }

  @Test func anAddressGivenTwiceIsOneAssignmentWithTwoOrigins() throws {
    let assignments = Assignments([
      try request("configuration/a", ["10.80.8.150", "10.80.8.150", "10.80.8.151"]),
      try request("configuration/b", ["10.80.8.150"]),
    ])
    #expect(assignments.addresses.count == 2)
    #expect(assignments.origins(of: address) == ["configuration/a", "configuration/b"])
    #expect(assignments.origins(of: IPAddress("10.80.8.151")!) == ["configuration/a"])
    #expect(assignments.origins(of: IPAddress("10.80.8.152")!) == [])
  }

  @Test func theLinksOfAllRequestsThatAllowThisNodeServe() throws {
    let service = serve(
      [
        try request("a", ["10.80.8.150"], patterns: ["^lan0$"]),
        try request("b", ["10.80.8.150"], patterns: ["^lan1$"]),
        try request("c", ["10.80.8.150"], patterns: ["^lan2$"], nodes: ["node-b"]),
      ], [link(2, "lan0"), link(3, "lan1"), link(4, "lan2")])
    #expect(service[address]?.links.map(\.index) == [2, 3])
    #expect(service.candidates == [address])
  }

  @Test func anAnnouncementsOwnPatternsNarrowTheDefault() throws {
    let service = serve(
      [try request("a", ["10.80.8.150"], patterns: ["lan"], narrower: ["^lan1$"])],
      [link(2, "lan0"), link(3, "lan1"), link(4, "other")])
    #expect(service[address]?.links.map(\.index) == [3])
  }

  @Test func everyBlockSaysWhy() throws {
    let down = serve([try request("a", ["10.80.8.150"])], [link(2, "lan0", isUp: false)])
    guard case .interfacesDown(let links) = down[address]?.reason else {
      Issue.record("\(String(describing: down[address]))")
      return
    }
    #expect(links.map(\.name) == ["lan0"])
    let none = serve([try request("a", ["10.80.8.150"])], [link(2, "eth0")])
    #expect(none[address]?.reason == .noInterface([]))
    #expect(none[address]?.reason?.description == "no interface of this node matches its patterns")
    let other = serve(
      [try request("a", ["10.80.8.150"], nodes: ["node-c", "node-b"])], [link(2, "lan0")])
    #expect(other[address]?.reason == .nodeNotSelected(allowed: ["node-b", "node-c"]))
    let drained = serve([try request("a", ["10.80.8.150"])], [link(2, "lan0")], isDrained: true)
    #expect(drained[address]?.reason == .drained && drained.candidates == [])
    #expect(drained[address6] == nil)
  }

  @Test func familiesAreDecidedApart() throws {
    var link = link(2, "lan0")
    link.flags.remove(.multicast)
    let service = serve([try request("a", ["10.80.8.150", "2001:db8::10"])], [link])
    #expect(service[address]?.reason == nil)
    guard case .noInterface(let skipped) = service[address6]?.reason else {
      Issue.record("\(String(describing: service[address6]))")
      return
    }
    #expect(skipped.first?.reason == .noMulticast)
  }

  @Test func theOrderOfLinksDoesNotMatter() throws {
    let links = [link(2, "lan0"), link(3, "lan1"), link(4, "lan01", isUp: false)]
    let requests = [try request("a", ["10.80.8.150"]), try request("b", ["2001:db8::10"])]
    let first = serve(requests, links)
    let second = serve(requests, links.reversed())
    #expect(first[address] == second[address] && first[address6] == second[address6])
    #expect(first.verdicts == second.verdicts)
  }

  @Test func anObstacleBlocksUnlessAnotherRequestIsFreeOfIt() throws {
    var obstructed = try request("service default/web", ["10.80.8.150"])
    obstructed.obstacle = .noLocalEndpoint
    let links = [link(1, "lan0"), link(2, "lan1")]
    #expect(serve([obstructed], links)[address]?.reason == .noLocalEndpoint)
    let other = try request("configuration/a", ["10.80.8.150"], patterns: ["lan1"])
    let both = serve([obstructed, other], links)
    #expect(both[address]?.reason == nil)
    #expect(both[address]?.links.map(\.index) == [2])
    // For a request that is meant for other nodes anyway, the obstacle says more.
    let elsewhere = try request("configuration/b", ["10.80.8.150"], nodes: ["node-b"])
    #expect(serve([elsewhere, obstructed], links)[address]?.reason == .noLocalEndpoint)
    #expect(
      serve([elsewhere], links)[address]?.reason == .nodeNotSelected(allowed: ["node-b"]))
  }

  private static let labelled = """
    policy lan selects other nodes: no Node document gives n1 their labels; if it is meant, add to \
    `manifests`: {apiVersion: v1, kind: Node, metadata: {name: n1, labels: {a: "b", c: ""}}}
    """

  private static let reasons: [(BlockReason, String)] = [
    (.policiesForOtherNodes(["lan"]), "policy lan selects other nodes"),
    (.policiesForOtherNodes(["a", "b"]), "policies a, b select other nodes"),
    (
      .nodeNotDescribed(name: "n1", policies: ["lan"], labels: ["a: \"b\"", "c: \"\""]), labelled
    ),
    (
      .nodeUnread(files: ["n.yaml"]),
      "what the cluster says about this node may be in n.yaml, which is not understood"
    ),
    (
      .nodeGone(name: "n1"),
      "the object that describes the node n1 is gone: write it again, or start the daemon again without it"
    ),
    (
      .nodeExcluded(name: "n1"),
      """
      this node is excluded from load balancing: kubectl label node n1 \
      node.kubernetes.io/exclude-from-external-load-balancers- lets it announce
      """
    ),
    (
      .everyNodeExcluded(name: "n1"),
      """
      every node that is known and selected is excluded from load balancing, so nobody announces: \
      kubectl label node n1 node.kubernetes.io/exclude-from-external-load-balancers- lets it announce
      """
    ),
  ]

  @Test(arguments: reasons)
  func obstaclesSayWhatToDo(reason: BlockReason, text: String) {
    #expect(reason.description == text)
  }
}
