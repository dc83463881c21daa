import LeaseLocal
import Testing
import Wire

struct LeaseFileNameTests {
  @Test func claimsAreNamedByTheCanonicalAddressOnly() {
    #expect(LeaseFileName("10.0.0.1.claim") == .claim(x))
    #expect(LeaseFileName.claim(of: y) == "2001:db8::2.claim")
    #expect(LeaseFileName("2001:db8::2.claim") == .claim(y))
    for name in ["2001:DB8::2.claim", "2001:db8:0::2.claim", "10.0.0.01.claim", ".claim", "claim"] {
      #expect(LeaseFileName(name) == nil, "\(name)")
    }
  }

  @Test func preferencesAreNamedLikewise() {
    #expect(LeaseFileName("10.0.0.1.preference") == .preference(x))
    #expect(LeaseFileName.preference(for: y) == "2001:db8::2.preference")
    #expect(LeaseFileName.preference(y).text == "2001:db8::2.preference")
    #expect(LeaseFileName("2001:DB8::2.preference") == nil)
    #expect(LeaseFileName("node.preference") == nil)
  }

  @Test(arguments: ["node-a", "a.b.c", "../../etc/passwd", ".hidden", "", "Knoten ä", "a%2f", "\0"])
  func sessionNamesLeadBackToTheNodeAndNeverOutOfTheDirectory(node: String) {
    let name = LeaseFileName.session(of: node)
    #expect(!name.contains("/") && !name.contains("\0"))
    #expect(name == ".session" || !name.hasPrefix("."))
    #expect(LeaseFileName(name) == .session(node: node))
  }

  @Test func otherNamesForANodeAreNotItsFile() {
    for name in ["%41.session", "%zz.session", "%c3.session", "a b.session", "%4.session"] {
      #expect(LeaseFileName(name) == nil, "\(name)")
    }
    #expect(LeaseFileName.session(of: "node-a") == "node-a.session")
  }
}
