import Control
import Testing

struct ExplanationTextTests {
  private func render(_ explanation: Explanation) -> String {
    ExplanationText.render(explanation, now: noon, style: eighty)
  }

  @Test func aBlockedAddressIsExplainedInFull() {
    let explanation = Explanation(
      version: "0.2.0", node: "node-a", asked: "10.80.8.154", address: troubled.addresses[4],
      links: [
        .init(name: "lan0", verdict: .eligible, matchedBy: ["^lan0$"]),
        .init(name: "vmnet0", verdict: .down, reason: "no carrier"),
        .init(
          name: "br0", verdict: .skipped,
          reason: "the interface patterns of configuration/ingress do not match its name"),
      ],
      notes: ["10.80.8.154 lies in no subnet of lan0: most likely a typing error"])
    #expect(
      render(explanation) == """
        10.80.8.154 is wanted, but not from node-a: no interface matches ^lan0$ and can
        carry announcements: vmnet0 has no carrier. It is held by node-b.

        Interfaces of node-a:
          lan0    eligible  matches ^lan0$
          vmnet0  down      no carrier
          br0     skipped   the interface patterns of configuration/ingress do not match
                            its name

        10.80.8.154 lies in no subnet of lan0: most likely a typing error.

        """)
  }

  @Test func anAnnouncedAddressSaysWhoWantsItAndWhatWasSent() {
    let explanation = Explanation(
      version: "0.2.0", node: "node-a", asked: "10.80.8.150", address: announced)
    #expect(
      render(explanation) == """
        10.80.8.150 is announced by node-a on lan0, since 2026-11-21T11:56:48.000Z
        (3m12s ago).
        It is wanted by configuration/ingress.
        node-a has answered 12 requests, the last 3s ago, and sent 7 announcements.

        """)
  }

  @Test func theOtherStatesHaveASentenceEach() {
    func first(_ index: Int) -> String {
      let entry = troubled.addresses[index]
      return render(
        Explanation(version: "", node: "node-a", asked: entry.address, address: entry))
    }
    #expect(
      first(2) == """
        10.80.8.152 is held by node-b.rack-17.example.org; node-a stands by, since
        2026-11-21T11:58:00.000Z (2m ago).

        """)
    #expect(
      first(3).hasPrefix("10.80.8.153 is held by nobody yet; node-a is a candidate, since"))
    #expect(
      first(1).contains("Conflict: 02:00:00:00:00:99 claims it too, seen 3 times, the last 5s ago.")
    )
    #expect(
      render(Explanation(version: "", node: "node-a", asked: "10.0.0.1"))
        == "10.0.0.1 is unknown to node-a: nothing there asks for it.\n")
  }
}
