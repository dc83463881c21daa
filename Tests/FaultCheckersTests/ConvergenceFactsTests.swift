import FaultCheckers
import Testing
import Wire

struct ConvergenceFactsTests {
  /// Everything well: `a` has the address, `b` stands by.
  private var well: ConvergenceFacts {
    var facts = ConvergenceFacts()
    facts.addresses = [address]
    facts.nodes = ["a": macA, "b": macB]
    facts.claims = [address: 10]
    facts.sessions = ["a": 10, "b": 11]
    facts.leases = [10, 11]
    facts.announcing = ["a": [address], "b": []]
    facts.caches = [address: macA]
    facts.answers = [address: macA]
    facts.resources = ["a": .init(descriptors: 30, threads: 9)]
    facts.resourcesBefore = ["a": .init(descriptors: 28, threads: 9)]
    return facts
  }

  private func complaints(_ change: (inout ConvergenceFacts) -> Void) -> [String] {
    var facts = well
    change(&facts)
    return facts.complaints
  }

  @Test func allWell() { #expect(well.complaints.isEmpty) }

  @Test func nobodyOrTwoAnnounce() {
    #expect(complaints { $0.announcing = [:] }.first?.contains("nobody") == true)
    #expect(complaints { $0.announcing["b"] = [address] }.count == 1)
  }

  @Test func theStoreDisagrees() {
    #expect(complaints { $0.claims = [:] }.count == 1)
    #expect(complaints { $0.claims = [address: 11] }.count == 1)
    #expect(complaints { $0.claims = nil }.isEmpty)
  }

  @Test func theLANDisagrees() {
    #expect(complaints { $0.answers = [address: macB] }.count == 1)
    #expect(complaints { $0.caches = [address: macB] }.count == 1)
  }

  @Test func whatIsLeftBehind() {
    #expect(complaints { $0.leases.insert(12) } == ["leases without a session: c"])
    #expect(
      complaints {
        $0.sessions["c"] = 12
        $0.leases.insert(12)
      } == ["the session of c is left behind"])
    #expect(complaints { $0.sessions["b"] = nil }.count == 2)
    #expect(complaints { $0.claims?[.init("10.80.8.151")!] = 99 }.count == 1)
  }

  @Test func growth() {
    #expect(
      complaints { $0.resources["a"] = .init(descriptors: 37, threads: 9) }.count == 1)
    #expect(complaints { $0.resources["a"] = .init(descriptors: 36, threads: 9) }.isEmpty)
    #expect(complaints { $0.resources["a"] = .init(descriptors: 30, threads: 18) }.count == 1)
    // A daemon that was started since has nothing to be compared with.
    #expect(complaints { $0.resources["b"] = .init(descriptors: 99, threads: 9) }.isEmpty)
  }
}
