import Lease
import Testing
import Time
import Wire

@testable import LeaseKubernetes

/// Who shall have an address next.
struct LeaseTablePreferenceTests {
  private func wish(_ node: String, _ epoch: UInt64) -> String {
    Wish.write([x: Wish(node: node, epoch: epoch)])!
  }

  @Test func aWishLastsUntilTheNextClaimItsWithdrawalOrItsAuthor() {
    var f = TableFixture()
    f.write(TableFixture.node("z", "s"))
    let epoch = f.write(x, "z/s")
    _ = f.changes()
    f.write(TableFixture.node("z", "s", preferences: wish("m", epoch)))
    #expect(f.changes() == [.preferred(x, node: "m")])
    f.write(TableFixture.node("z", "s", preferences: wish("m", epoch)))
    #expect(f.changes().isEmpty)
    #expect(f.table.picture().preferences == [x: "m"])
    f.write(x, "", released: "s")
    #expect(f.changes() == [.freed(x, Epoch(epoch))])
    let next = f.write(x, "m/own")
    #expect(
      f.changes() == [.claimed(x, holder("m", "own", next)), .preferred(x, node: nil)])
    // Void for good, though the author's renewals carry it along.
    f.write(TableFixture.node("z", "s", preferences: wish("m", epoch)))
    f.write(x, "", released: "own")
    #expect(f.changes() == [.freed(x, Epoch(next))])

    f.write(TableFixture.node("z", "s", preferences: wish("a", f.version)))
    #expect(f.changes() == [.preferred(x, node: "a")])
    f.write(TableFixture.node("z", "s"))
    #expect(f.changes() == [.preferred(x, node: nil)])
    f.write(TableFixture.node("z", "s", preferences: wish("a", f.version)))
    f.write(node: "z", nil, ended: ["s"])
    #expect(f.changes().contains(.preferred(x, node: nil)))
  }

  @Test func aWishOfAnotherStays() {
    var f = TableFixture()
    f.write(TableFixture.node("z", "s", preferences: wish("a", 200)))
    let own = SessionID("own")
    let preference = Preference(address: x, node: "b")
    #expect(f.table.wishes(of: own, adding: [preference]).isEmpty)
    f.write(TableFixture.node("z", "s"))
    let wishes = f.table.wishes(of: own, adding: [preference])
    #expect(wishes == [x: Wish(node: "b", epoch: f.version)])
    f.write(TableFixture.node("m", "own", preferences: Wish.write(wishes)))
    #expect(f.table.wishes(of: own, adding: []) == wishes)
    #expect(f.table.wishes(of: own, adding: [Preference(address: x, node: nil)]).isEmpty)
    // What came true is not carried along.
    f.write(x, "b/t")
    #expect(f.table.wishes(of: own, adding: []).isEmpty)
  }

  @Test func ofTwoWrittenAtOnceAllAgreeOnOne() {
    var f = TableFixture()
    f.write(TableFixture.node("z", "s2", preferences: wish("a", 200)))
    f.write(TableFixture.node("y", "s1", preferences: wish("b", 200)))
    #expect(f.table.picture().preferences == [x: "b"])
  }

  @Test func kubernetesOwnFieldIsAWish() {
    var f = TableFixture()
    f.write(x, "m/own")
    _ = f.changes()
    f.write(TableFixture.claim(x, "m/own", preferredHolder: "z"))
    #expect(f.changes() == [.preferred(x, node: "z")])
    f.write(TableFixture.claim(x, "m/own", preferredHolder: "m/own"))
    #expect(f.changes() == [.preferred(x, node: nil)])
    f.write(TableFixture.claim(x, "m/own", preferredHolder: "z/t"))
    f.write(x, "", released: "own")
    #expect(f.changes().contains(.preferred(x, node: nil)))
  }
}
