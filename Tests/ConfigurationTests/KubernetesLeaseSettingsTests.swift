import Configuration
import Testing

struct KubernetesLeaseSettingsTests {
  @Test func theNamespaceAndTheDurationHaveDefaults() throws {
    let lease = try parse("lease: {backend: kubernetes}").lease
    #expect(lease.kubernetes.namespace == "kube-system")
    #expect(lease.duration == .seconds(6))
    let other = try parse("lease: {backend: kubernetes, kubernetes: {namespace: lan}}").lease
    #expect(other.kubernetes.namespace == "lan")
  }

  @Test func aDurationIsCountedInSeconds() {
    #expect(
      theFault("lease: {backend: kubernetes, duration: 2500ms}")
        == "announcer.yaml:1:40: lease.duration: '2500ms' is no whole number of seconds, "
        + "in which Kubernetes counts; write 2s or 3s")
  }

  @Test(arguments: ["A", "-a", "a-", "a.b", "\(String(repeating: "a", count: 64))"])
  func whatIsNoNameOfANamespaceIsRefused(text: String) {
    #expect(
      theFault("lease: {kubernetes: {namespace: \(text)}}").contains(
        "cannot be the name of a namespace"))
  }
}
