import Testing

@testable import Daemon

struct ListedWarningTests {
  private func lie(_ first: String, _ others: Int) -> String {
    "\(first) and \(others) more lie in no subnet of lan0: check the addresses for a typo"
  }

  @Test func onlyTheWordsAndTheOrderCount() throws {
    let list = try #require(ListedWarning(lie("10.80.8.150", 41)))
    #expect(list == ListedWarning(lie("2001:db8::1", 99)))
    #expect(list.order == 2 && ListedWarning(lie("10.80.8.150", 9))?.order == 1)
    #expect(list.words == ListedWarning(lie("10.80.8.150", 9))?.words)
    let pools = "5 announced addresses lie in no pool: 10.0.0.1, 10.0.0.2, 10.0.0.3 and 2 more"
    #expect(
      ListedWarning(pools)?.words
        == "* announced addresses lie in no pool: * * * and * more")
    // What distinguishes one warning from another stays: the interface, the kind.
    #expect(
      list.words != ListedWarning(lie("10.80.8.150", 41).replacing("lan0", with: "lan1"))?.words)
    #expect(
      ListedWarning("02:00:00:00:00:01 on lan0 claims 10.0.0.1 too (and 3 more): most likely")?
        .order
        == 1)
  }

  @Test(arguments: [
    "10.80.8.150 lies in no subnet of lan0: check the addresses for a typo",
    "policy p and nothing more", "and 3 others", "", "more and more",
  ])
  func whatCountsNothingIsNoList(text: String) {
    #expect(ListedWarning(text) == nil)
  }
}
