import Configuration
import Testing

struct KubernetesSettingsTests {
  @Test func everyKeyIsRead() throws {
    let kubernetes = try #require(
      try parse(
        """
        kubernetes:
          kubeconfig: /etc/announcer/kubeconfig
          context: home
          loadBalancerClasses: [io.cilium/l2-announcer, lan]
        """
      ).kubernetes)
    #expect(kubernetes.kubeconfig == "/etc/announcer/kubeconfig")
    #expect(kubernetes.context == "home")
    #expect(kubernetes.loadBalancerClasses == ["io.cilium/l2-announcer", "lan"])
    #expect(kubernetes.announcesServices)
    #expect(try parse("kubernetes: {services: false}").kubernetes?.announcesServices == false)
  }

  @Test func aSectionWithoutKeysMeansTheClustersOwnCredentials() throws {
    for text in ["kubernetes:", "kubernetes: {}"] {
      let kubernetes = try #require(try parse(text).kubernetes)
      #expect(kubernetes.kubeconfig == nil && kubernetes.announcesServices)
    }
    #expect(try parse("{}").kubernetes == nil)
  }

  @Test func addressesAreGivenOnlyWhereItIsAskedFor() throws {
    for (text, gives) in [
      ("kubernetes: {}", false), ("kubernetes: {addressPools: off}", false),
      ("kubernetes: {addressPools: on}", true),
      // What is off already may be said to be off.
      ("kubernetes: {services: false, addressPools: off}", false),
    ] {
      #expect(try parse(text).kubernetes?.givesAddresses == gives, "\(text)")
    }
  }

  @Test(arguments: [
    (
      "kubeconfig: kc",
      "1:26: kubernetes.kubeconfig: 'kc' is not an absolute path; begin it with /, as in /run"
    ),
    (
      "context: home",
      "1:23: kubernetes.context: it has no effect without a kubeconfig; "
        + "write `kubeconfig`, or remove the key"
    ),
    (
      "services: yes",
      "1:24: kubernetes.services: 'yes' is neither true nor false; write true or false"
    ),
    (
      "services: false, loadBalancerClasses: [a]",
      "1:52: kubernetes.loadBalancerClasses: it has no effect with `services: false`; "
        + "remove one of the two"
    ),
    (
      "addressPools: true",
      "1:28: kubernetes.addressPools: 'true' is not possible here; write off or on"
    ),
    (
      "services: false, addressPools: on",
      "1:45: kubernetes.addressPools: it has no effect with `services: false`; remove one of the two"
    ),
    (
      "loadBalancerClasses: [a, a]",
      "1:39: kubernetes.loadBalancerClasses[1]: the class 'a' is listed twice; keep one of them"
    ),
  ])
  func faultsNameThePlace(text: String, fault: String) {
    #expect(theFault("kubernetes: {\(text)}") == "announcer.yaml:\(fault)")
  }
}
