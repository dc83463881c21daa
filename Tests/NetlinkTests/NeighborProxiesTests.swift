import Announcer
import Netlink
import Testing
import Wire

@Suite(.enabled(if: mayMakeNamespaces, "needs root to make network namespaces"))
struct NeighborProxiesTests {
  @Test func proxiesOfBothFamiliesAreListedAndNeighboursAreNot() async throws {
    let namespace = try await NetworkNamespace()
    try await namespace.shell(
      """
      ip link add lan0 index 100 type veth peer name far0; ip link set lan0 up
      ip neigh add proxy 10.80.8.150 dev lan0
      ip neigh add proxy 2001:db8::10 dev lan0
      ip neigh add 10.80.8.151 lladdr 02:00:00:00:00:09 dev lan0
      """)
    let proxies = try await namespace.run { try neighborProxies() }
    #expect(
      proxies == [
        NeighborProxy(address: try #require(IPAddress("10.80.8.150")), linkIndex: 100),
        NeighborProxy(address: try #require(IPAddress("2001:db8::10")), linkIndex: 100),
      ])
  }
}
