import Testing

@testable import Control

struct ClusterStatusTests {
  private let cluster = ClusterStatus(
    version: "0.2.0", node: "node-a", store: ClusterStore(backend: "local", reachable: true),
    nodes: [ClusterNode(name: "node-a", state: .live, isSelf: true)],
    addresses: [ClusterAddress(address: "10.80.8.150", state: .free)])

  @Test func everyNameIsThereAndAbsentIsNull() {
    #expect(
      JSON.document(cluster) == """
        {
          "addresses" : [
            {
              "address" : "10.80.8.150",
              "epoch" : null,
              "freeInMs" : null,
              "hardwareAddress" : null,
              "holder" : null,
              "interfaces" : [

              ],
              "preferred" : null,
              "reason" : null,
              "session" : null,
              "since" : null,
              "state" : "free"
            }
          ],
          "node" : "node-a",
          "nodes" : [
            {
              "claims" : 0,
              "durationMs" : null,
              "endsInMs" : null,
              "host" : null,
              "name" : "node-a",
              "pid" : null,
              "reason" : null,
              "self" : true,
              "session" : null,
              "since" : null,
              "sinceRenewalMs" : null,
              "state" : "live",
              "version" : null
            }
          ],
          "store" : {
            "ageMs" : null,
            "answeredInMs" : null,
            "backend" : "local",
            "endpoint" : null,
            "error" : null,
            "reachable" : true
          },
          "version" : "0.2.0",
          "warnings" : [

          ]
        }
        """)
  }

  @Test func whatIsWrittenReadsBackAndWhatIsMissingSpoilsNothing() {
    #expect(JSON.decode(ClusterStatus.self, from: JSON.line(cluster)) == cluster)
    let other = JSON.decode(
      ClusterStatus.self,
      from: Array(#"{"node":"node-z","nodes":[{"name":"n","state":"dreaming","pid":"x"}]}"#.utf8))
    #expect(other?.node == "node-z" && other?.nodes.first?.state.rawValue == "dreaming")
    #expect(other?.store.reachable == false && other?.addresses == [])
  }

  @Test func whatSomebodyAsksForComesInHisOrderAndWhatIsUnknownIsFree() {
    let some = cluster.restricted(to: ["10.80.8.1", "10.80.8.150"])
    #expect(some.addresses.map(\.address) == ["10.80.8.1", "10.80.8.150"])
    #expect(some.addresses.allSatisfy { $0.state == .free } && some.nodes == cluster.nodes)
  }
}
