import Control
import Testing

/// Services that are not announced, as `status` and `explain` show them.
struct ServicesStatusTests {
  private func render(_ services: ServicesStatus) -> String {
    var status = sample([announced])
    status.services = services
    return StatusText.render(status, now: noon, style: eighty)
  }

  @Test func theFirstAreListedBehindTheTable() {
    let text = render(
      ServicesStatus(
        unannounced: 10_000, reasons: ["no-address": 9_998, "foreign-class": 2],
        first: [
          .init(
            service: "default/mail", place: nil,
            reason: "its loadBalancerClass example.com/lb is none of "
              + "kubernetes.loadBalancerClasses"),
          .init(service: "default/web", place: "/m/s.yaml:1", reason: "no policy selects it"),
        ]))
    #expect(text.contains("\nservices    10000 not announced: 9998 no-address, 2 foreign-class\n"))
    #expect(
      text.hasSuffix(
        """

        Services that are not announced:
          default/mail: its loadBalancerClass example.com/lb is none of
          kubernetes.loadBalancerClasses
          default/web, /m/s.yaml:1: no policy selects it
          and 9998 more (`announcer explain NAMESPACE/NAME` is about one)

        """), "\(text)")
  }

  @Test func whereAllAreAnnouncedNothingIsSaid() {
    let text = render(ServicesStatus())
    #expect(!text.contains("services") && !text.contains("Services"))
  }

  private func explain(_ services: [ServiceStatus], notes: [String] = []) -> String {
    ExplanationText.render(
      Explanation(
        version: "", node: "node-a", asked: "default/web", services: services, notes: notes),
      now: noon, style: eighty)
  }

  @Test func aServiceIsExplained() {
    #expect(
      explain([
        ServiceStatus(
          service: "default/web", place: "s.yaml:1", wantsAnnouncing: true,
          addresses: [
            announced,
            AddressStatus(
              address: "10.80.8.154", state: .blocked, reason: "no interface can carry it now"),
          ], reasons: ["'x' cannot be announced: it is no address"])
      ]) == """
        Service default/web (s.yaml:1) is wanted:
          10.80.8.150 announcing on lan0
          10.80.8.154 blocked: no interface can carry it now
        Not all it has: 'x' cannot be announced: it is no address.

        """)
    #expect(
      explain([
        ServiceStatus(
          service: "default/web", place: "from the API server", wantsAnnouncing: true,
          reasons: ["it has no address", "no policy selects it"])
      ]).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        == "Service default/web (from the API server) is not announced: it has no address; no "
        + "policy selects it.")
    #expect(
      explain([ServiceStatus(service: "default/db", place: "s.yaml:1", wantsAnnouncing: false)])
        .contains("asks for nothing: it is not of type LoadBalancer"))
    #expect(
      explain([], notes: ["/m/s.yaml:3: broken"])
        == "node-a knows no Service default/web.\n/m/s.yaml:3: broken.\n")
  }

  @Test func anAddressThatSomebodyHasIsNotUnknown() {
    let text = ExplanationText.render(
      Explanation(
        version: "", node: "node-a", asked: "10.0.0.1", isMentioned: true,
        notes: ["service default/web: no policy selects it"]), now: noon, style: eighty)
    #expect(
      text == """
        10.0.0.1 is not announced, as far as node-a can tell:
        service default/web: no policy selects it.

        """)
  }
}
