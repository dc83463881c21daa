import Testing

@testable import Control

struct PoolsTextTests {
  private let lan = PoolStatus(
    name: "lan", ranges: ["10.80.8.150-10.80.8.159", "10.80.15.0/28"], state: .active, total: "26",
    available: "23", used: "3", services: 3)

  /// A pool of each kind, and Services that go without.
  private var troubled: PoolsStatus {
    PoolsStatus(
      version: "0.2.0", node: "node-b", state: .standby, holder: "node-a",
      pools: [
        PoolStatus(
          name: "attic", ranges: ["10.90.0.0/24"], state: .disabled, total: "256",
          available: "255", used: "1", services: 1, reason: "it gives no new addresses"),
        PoolStatus(
          name: "garbled", state: .invalid,
          reason: "blocks[0]: '10.80.8.300' is no address; write `cidr`, or `start` and `stop`"),
        lan,
        PoolStatus(
          name: "v6", ranges: ["2001:db8:0:8::/64"] + (1...4).map { "2001:db8:0:\($0)::/64" },
          state: .active, total: "92233720368547758080", available: "92233720368547758078",
          used: "2", services: 2),
        PoolStatus(
          name: "younger", ranges: ["10.80.8.155-10.80.8.170"], state: .conflict, total: "16",
          available: "16",
          reason: "10.80.8.155-10.80.8.170 overlaps 10.80.8.150-10.80.8.159 of the older pool lan"),
      ],
      services: PoolServices(
        responsible: 20, satisfied: 6, unsatisfied: ["out_of_ips": 12, "no_pool": 2]),
      unsatisfied: (10..<22).map {
        UnsatisfiedService(
          service: "default/web-\($0)", reason: "out_of_ips",
          message: "no pool that selects it has a free IPv4 address")
      } + [
        UnsatisfiedService(
          service: "kube-system/dns", reason: "no_pool", message: "no pool selects it"),
        UnsatisfiedService(
          service: "shop/cart", reason: "no_pool",
          message: "RequireDualStack: no pool that selects it has IPv6 addresses to give, only IPv4"
        ),
      ],
      foreign: [
        "service default/web: 10.80.8.150 was replaced by 10.80.15.3, which we did not write (3 times)"
      ],
      warnings: ["pool attic: 10.90.0.0/24 lies in no subnet of an interface that announces"])
  }

  @Test func everythingFitsIntoEightyColumns() {
    #expect(
      PoolsText.render(troubled, style: eighty) == """
        node-a gives addresses, this node stands by

        POOL     RANGES                                   USED/TOTAL  SERVICES  STATE
        attic    10.90.0.0/24                                  1/256         1  disabled
          it gives no new addresses
        garbled  -                                               0/0         0  invalid
          blocks[0]: '10.80.8.300' is no address; write `cidr`, or `start` and `stop`
        lan      10.80.8.150-10.80.8.159, 10.80.15.0/28         3/26         3  active
        v6       2001:db8:0:8::/64, 2001:db8:0:1::/64 +3   2/~9.2e19         2  active
        younger  10.80.8.155-10.80.8.170                        0/16         0  conflict
          10.80.8.155-10.80.8.170 overlaps 10.80.8.150-10.80.8.159 of the older pool lan

        20 Services: 6 have what they ask for, 14 do not
          out_of_ips 12
            default/web-10: no pool that selects it has a free IPv4 address
            default/web-11: no pool that selects it has a free IPv4 address
            default/web-12: no pool that selects it has a free IPv4 address
            default/web-13: no pool that selects it has a free IPv4 address
            default/web-14: no pool that selects it has a free IPv4 address
            default/web-15: no pool that selects it has a free IPv4 address
            default/web-16: no pool that selects it has a free IPv4 address
            default/web-17: no pool that selects it has a free IPv4 address
            default/web-18: no pool that selects it has a free IPv4 address
            default/web-19: no pool that selects it has a free IPv4 address
            and 2 more
          no_pool 2
            kube-system/dns: no pool selects it
            shop/cart: RequireDualStack: no pool that selects it has IPv6 addresses to
            give, only IPv4

        somebody else writes addresses of Services
          service default/web: 10.80.8.150 was replaced by 10.80.15.3, which we did not
          write (3 times)

        warning   pool attic: 10.90.0.0/24 lies in no subnet of an interface that
                  announces

        """)
  }

  @Test func wherePoolsAreOffTheKeyIsNamedAndTheyAreShownAllTheSame() {
    #expect(
      PoolsText.render(
        PoolsStatus(version: "0.2.0", node: "node-a", state: .off, pools: [lan]), style: eighty)
          == """
          address pools are off: node-a gives no addresses
            `kubernetes.addressPools: on` turns it on

          POOL  RANGES                                  USED/TOTAL  SERVICES  STATE
          lan   10.80.8.150-10.80.8.159, 10.80.15.0/28        3/26         3  active

          """)
  }

  @Test func whereThereIsNothingItSaysSo() {
    #expect(
      PoolsText.render(
        PoolsStatus(version: "0.2.0", node: "node-a", state: .giving, holder: "node-a"),
        style: eighty)
          == """
          node-a, this node, gives addresses

          no pools: the cluster has no CiliumLoadBalancerIPPool

          no Service asks for an address from a pool

          """)
  }

  @Test func whoAsksForAPoolSeesAllItsRangesAndNoServices() {
    #expect(
      PoolsText.render(troubled, asked: ["v6"], style: eighty) == """
        node-a gives addresses, this node stands by

        POOL  RANGES                                   USED/TOTAL  SERVICES  STATE
        v6    2001:db8:0:8::/64, 2001:db8:0:1::/64 +3   2/~9.2e19         2  active
          2001:db8:0:8::/64, 2001:db8:0:1::/64, 2001:db8:0:2::/64, 2001:db8:0:3::/64,
          2001:db8:0:4::/64

        warning   pool attic: 10.90.0.0/24 lies in no subnet of an interface that
                  announces

        """)
  }

  @Test func theFirstLineSaysWhoGives() {
    func line(_ state: PoolsStatus.State, _ holder: String?, error: String? = nil) -> String {
      let status = PoolsStatus(
        version: "1", node: "node-b", state: state, holder: holder, error: error, pools: [lan])
      return PoolsText.render(status, style: eighty).split(separator: "\n\n").first.map(String.init)
        ?? ""
    }
    #expect(line(.giving, "node-b") == "node-b, this node, gives addresses")
    #expect(line(.standby, nil) == "another node gives addresses, this node stands by")
    #expect(line(.waiting, nil) == "nobody gives addresses")
    #expect(
      line(.blocked, nil, error: "patch services/status: 403 Forbidden") == """
        nobody gives addresses, this node cannot
          patch services/status: 403 Forbidden
        """)
    #expect(line(.blocked, "node-a") == "node-a gives addresses, this node cannot")
    #expect(
      line(PoolsStatus.State(rawValue: "asleep"), "node-a")
        == "node-a gives addresses, this node: asleep")
  }

  @Test func allServicesThatHaveWhatTheyAskForAreALine() {
    func line(_ responsible: Int) -> Substring? {
      var status = PoolsStatus(version: "1", node: "a", state: .giving, pools: [lan])
      status.services = PoolServices(
        responsible: responsible, satisfied: responsible, unsatisfied: ["no_pool": 0])
      return PoolsText.render(status, style: eighty).split(separator: "\n").last
    }
    #expect(line(1) == "1 Service: 1 has what it asks for")
    #expect(line(3) == "3 Services: 3 have what they ask for")
  }

  /// Wide, narrow, and into a pipe, where nothing is cut.
  @Test func rangesTakeTheRoomThereIs() {
    let ranges = ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]
    #expect(PoolsText.shortened(ranges, to: nil) == "10.0.0.0/24, 10.0.1.0/24, 10.0.2.0/24")
    #expect(PoolsText.shortened(ranges, to: 37) == "10.0.0.0/24, 10.0.1.0/24, 10.0.2.0/24")
    #expect(PoolsText.shortened(ranges, to: 36) == "10.0.0.0/24, 10.0.1.0/24 +1")
    #expect(PoolsText.shortened(ranges, to: 26) == "10.0.0.0/24 +2")
    #expect(PoolsText.shortened(ranges, to: 3) == "10.0.0.0/24 +2")
    for width in [40, 60, 80, 120] {
      let style = TerminalStyle(width: width, hasColours: false)
      for line in PoolsText.render(troubled, style: style).split(separator: "\n") {
        #expect(line.count <= width, "\(width): \(line)")
      }
    }
  }

  /// Names and messages are whatever somebody wrote into the cluster.
  @Test func nothingFromTheClusterCommandsTheTerminal() {
    var status = troubled
    status.pools[0].name = "a\u{1b}[31m"
    status.pools[0].ranges = ["\u{7}"]
    status.pools[0].reason = "b\nc"
    status.pools[1].state = PoolStatus.State(rawValue: "\u{1b}c")
    status.unsatisfied[0].message = "\u{202e}evil"
    status.services.unsatisfied["\u{8}"] = 1
    status.foreign = ["x\ty"]
    status.holder = "\u{1b}"
    let text = PoolsText.render(status, style: eighty)
    for forbidden in ["\u{1b}", "\u{7}", "\t", "\u{202e}", "\u{8}"] {
      #expect(!text.contains(forbidden))
    }
    #expect(text.contains("b\\nc"))
  }

  @Test func coloursAreForTheStates() {
    let text = PoolsText.render(troubled, style: TerminalStyle(width: 80, hasColours: true))
    #expect(text.contains("\u{1b}[32mactive\u{1b}[0m"))
    #expect(text.contains("\u{1b}[31mconflict\u{1b}[0m"))
    #expect(text.contains("\u{1b}[2mdisabled\u{1b}[0m"))
  }
}
