import FoundationEssentials
import Lease
import Testing
import Wire

@testable import LeaseEtcd

struct EtcdKeysTests {
  @Test func eachKindOfKeyIsFoundAgain() throws {
    for prefix in ["/announcer", "/announcer/", "announcer//"] {
      let keys = try EtcdKeys(prefix: prefix)
      for address in [x, y] {
        #expect(keys.subject(of: keys.claim(address)) == .claim(address))
        #expect(keys.subject(of: keys.preference(address)) == .preference(address))
      }
      #expect(keys.subject(of: keys.node("a/b.c")) == .node("a/b.c"))
      for key in [keys.claim(x), keys.preference(y), keys.node("a")] {
        #expect(
          !key.lexicographicallyPrecedes(keys.first) && key.lexicographicallyPrecedes(keys.end))
      }
    }
  }

  @Test(arguments: [
    "/announcer", "/announcer/", "/announcer/claims", "/announcer/claims/", "/announcer/x/10.0.0.1",
    "/announcer/claims/10.0.0.01", "/announcer/claims/2001:DB8::1", "/announcer/claims/10.0.0.1/",
    "/announcer/nodes/", "/announcer2/claims/10.0.0.1", "/other/claims/10.0.0.1", "",
  ])
  func whatIsNotOursIsUnknown(key: String) throws {
    #expect(try EtcdKeys(prefix: "/announcer").subject(of: Data(key.utf8)) == .unknown)
  }

  @Test func whatIsNoTextIsUnknown() throws {
    let key = Data("/announcer/nodes/".utf8) + [0xff]
    #expect(try EtcdKeys(prefix: "/announcer").subject(of: key) == .unknown)
  }
}
