import Testing
import Wire

@testable import LeaseKubernetes

struct LeaseNamesTests {
  @Test(arguments: [
    ("10.80.8.150", "announcer-ip-10-80-8-150"),
    ("2001:db8::1", "announcer-ip-2001-0db8-0000-0000-0000-0000-0000-0001"),
  ])
  func aClaimsNameSaysItsAddress(_ address: String, _ name: String) throws {
    let address = try #require(IPAddress(address))
    #expect(LeaseNames.claim(address) == name)
    #expect(LeaseNames.address(of: name) == address)
  }

  @Test(arguments: [
    "announcer-ip-", "announcer-ip-10-80-8", "announcer-ip-10-80-8-150-",
    "announcer-ip-010-80-8-150",
    "announcer-ip-2001-db8-0-0-0-0-0-1", "announcer-ip-2001-0DB8-0000-0000-0000-0000-0000-0001",
    "announcer-ip-10-80-8-256", "other-10-80-8-150",
  ])
  func noOtherNameIsAClaims(_ name: String) {
    #expect(LeaseNames.address(of: name) == nil)
  }

  @Test func aNodesNameIsMadeSafeAndStaysItsOwn() {
    #expect(LeaseNames.node("node-a.example.org") == "announcer-node-node-a.example.org")
    let odd = ["Node-A", "node_a", "node-A", "a.-b", "a..b", String(repeating: "a", count: 240)]
    let names = odd.map(LeaseNames.node)
    #expect(Set(names).count == odd.count)
    for name in names {
      #expect(name.utf8.count <= 253)
      #expect(name.wholeMatch(of: /announcer-node-x[a-z0-9-]*-[0-9a-f]{16}/) != nil)
    }
    #expect(LeaseNames.node(String(repeating: "a", count: 238)).hasSuffix("aaaa"))
  }
}
