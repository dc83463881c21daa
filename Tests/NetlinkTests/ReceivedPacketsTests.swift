import Netlink
import Testing

@Suite(.enabled(if: mayMakeNamespaces, "needs root to make network namespaces"))
struct ReceivedPacketsTests {
  /// Nothing is sent on a link before it is up, and without IPv6 nothing by itself then.
  @Test func framesAreCountedByLink() async throws {
    let namespace = try await NetworkNamespace()
    try await namespace.shell(
      """
      sysctl -q -w net.ipv6.conf.default.disable_ipv6=1
      ip link add lan0 index 100 type veth peer name far0 index 101
      ip link set lan0 up; ip link set far0 up
      """)
    let before = try await namespace.run { try receivedPackets() }
    #expect(before[100] == 0 && before[101] == 0)
    // Two questions that nobody answers: an address far from any on the link.
    try await namespace.shell(
      "ip address add 10.9.0.1/24 dev far0; arping -q -c 2 -w 3 -i far0 10.9.0.2 || true")
    let after = try await namespace.run { try receivedPackets() }
    #expect(after[100] ?? 0 >= 2 && after[101] == 0, "\(after)")
  }
}
