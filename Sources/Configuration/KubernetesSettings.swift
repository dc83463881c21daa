/// The `kubernetes` section: the cluster that this node is part of, and what is announced for it.
package struct KubernetesSettings: Hashable, Sendable {
  /// The kubeconfig, absolute; nil for the credentials that a cluster gives to its pods.
  package var kubeconfig: String?
  /// The kubeconfig's context; nil for its `current-context`.
  package var context: String?
  /// Whether Services are watched and announced. Without, the cluster serves the lease alone.
  package var announcesServices: Bool
  /// The `loadBalancerClass`es of Services that are announced, besides those without one.
  package var loadBalancerClasses: [String]
  /// Whether Services without an address get one from the cluster's pools.
  package var addressPools: AddressPools

  /// Off by default: another controller may be at work, and two of them would undo each other's writes.
  package enum AddressPools: String, CaseIterable, Hashable, Sendable {
    case off, on
  }

  /// Whether this node takes part in giving addresses to Services, by turns with the others.
  package var givesAddresses: Bool { addressPools == .on }

  /// Nil where the section is not written. Written without keys it is a section all the same: whoever
  /// wrote `kubernetes:` wants it.
  init?(_ root: Section) {
    let value = root.value("kubernetes")
    guard value != nil || root.isWritten("kubernetes") else { return nil }
    let section = value.flatMap { Section($0) }
    kubeconfig = section?.value("kubeconfig")?.absolutePath()
    let context = section?.value("context")
    self.context = context?.name(example: "default")
    announcesServices = section?.value("services")?.flag() ?? true
    let classes = section?.value("loadBalancerClasses")
    loadBalancerClasses = classes?.loadBalancerClasses() ?? []
    let pools = section?.value("addressPools")
    addressPools = pools?.choice(AddressPools.self) ?? .off
    section?.finish()
    if kubeconfig == nil, section?.value("kubeconfig") == nil {
      context?.fail(
        "it has no effect without a kubeconfig", suggestion: "write `kubeconfig`, or remove the key"
      )
    }
    if !announcesServices {
      classes?.fail(
        "it has no effect with `services: false`", suggestion: "remove one of the two")
      // Off is what it is without Services anyway.
      if addressPools == .on {
        pools?.fail(
          "it has no effect with `services: false`", suggestion: "remove one of the two")
      }
    }
  }
}

extension Value {
  /// Names as Kubernetes takes them for `spec.loadBalancerClass`: a label's name, its prefix and all.
  fileprivate func loadBalancerClasses() -> [String] {
    var classes: [String] = []
    for value in list(example: "[io.cilium/l2-announcer]") ?? [] {
      guard let name = value.name(example: "io.cilium/l2-announcer") else { continue }
      if classes.contains(name) {
        value.fail("the class '\(name)' is listed twice", suggestion: "keep one of them")
      } else {
        classes.append(name)
      }
    }
    return classes
  }
}
