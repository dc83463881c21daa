import Testing

@testable import Control

struct PoolsStatusTests {
  private let pools = PoolsStatus(
    version: "0.2.0", node: "node-a", state: .waiting,
    pools: [PoolStatus(name: "lan", ranges: ["2001:db8::/64"], state: .active)],
    services: PoolServices(responsible: 2, satisfied: 1, unsatisfied: ["no_pool": 1]),
    unsatisfied: [
      UnsatisfiedService(service: "default/web", reason: "no_pool", message: "no pool has IPv4")
    ])

  @Test func everyNameIsThereAndAbsentIsNull() {
    #expect(
      JSON.document(pools) == """
        {
          "error" : null,
          "foreign" : [

          ],
          "holder" : null,
          "node" : "node-a",
          "pools" : [
            {
              "available" : "0",
              "name" : "lan",
              "ranges" : [
                "2001:db8::/64"
              ],
              "reason" : null,
              "services" : 0,
              "state" : "active",
              "total" : "0",
              "used" : "0"
            }
          ],
          "services" : {
            "responsible" : 2,
            "satisfied" : 1,
            "unsatisfied" : {
              "no_pool" : 1
            }
          },
          "state" : "waiting",
          "unsatisfied" : [
            {
              "message" : "no pool has IPv4",
              "reason" : "no_pool",
              "service" : "default/web"
            }
          ],
          "version" : "0.2.0",
          "warnings" : [

          ]
        }
        """)
  }

  @Test func whatIsWrittenReadsBackAndWhatIsMissingSpoilsNothing() {
    #expect(JSON.decode(PoolsStatus.self, from: JSON.line(pools)) == pools)
    let other = JSON.decode(
      PoolsStatus.self,
      from: Array(#"{"state":"dreaming","pools":[{"name":"lan","total":7}],"services":3}"#.utf8))
    #expect(other?.state.rawValue == "dreaming" && other?.pools.first?.name == "lan")
    #expect(other?.pools.first?.total == "" && other?.services == PoolServices.absent)
  }

  @Test func aResponseCarriesThem() {
    let response = Response(version: "0.2.0", pools: pools)
    #expect(JSON.decode(Response.self, from: JSON.line(response))?.pools == pools)
    #expect(Request.Command.pools.rawValue == "pools")
  }

  @Test func whoAsksForSomeGetsTheseInHisOrder() {
    var pools = pools
    pools.pools = ["a", "b", "c"].map { PoolStatus(name: $0, state: .active) }
    #expect(pools.restricted(to: ["c", "a"]).pools.map(\.name) == ["c", "a"])
    #expect(pools.restricted(to: ["c"]).services == pools.services)
  }

  @Test func whoAsksForWhatIsNotThereHearsWhatIs() {
    var pools = pools
    #expect(pools.fault(asking: []) == nil && pools.fault(asking: ["lan"]) == nil)
    #expect(pools.fault(asking: ["lan", "lam"]) == "there is no pool 'lam'; there is lan")
    pools.pools.append(PoolStatus(name: "z", state: .active))
    #expect(pools.fault(asking: ["x", "y"]) == "there is no pool 'x', 'y'; there are lan, z")
    pools.pools = (10..<35).map { PoolStatus(name: "p\($0)", state: .active) }
    #expect(pools.fault(asking: ["x"])?.hasSuffix("p28, p29 and 5 more") == true)
    pools.pools = []
    #expect(pools.fault(asking: ["x\u{1b}"]) == "there is no pool 'x\\u{1b}': the cluster has none")
  }
}
