/// The `lease.kubernetes` section: where the Leases are. Who we are to the API server says `kubernetes`.
package struct KubernetesLeaseSettings: Hashable, Sendable {
  /// The namespace of all our Leases.
  package var namespace: String

  package static let defaultNamespace = "kube-system"
  /// A renewal every 1.5 s, which a busy API server stands for a node.
  package static let defaultDuration = Duration.seconds(6)

  init(_ value: Value?) {
    let section = value.flatMap { Section($0) }
    namespace = section?.value("namespace")?.namespace() ?? Self.defaultNamespace
    section?.finish()
  }
}

extension Value {
  /// A DNS label, as the names of namespaces are (RFC 1123).
  fileprivate func namespace() -> String? {
    guard let text = text() else { return nil }
    let isClean = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    if isClean, (1...63).contains(text.utf8.count), !text.hasPrefix("-"), !text.hasSuffix("-") {
      return text
    }
    fail(
      "'\(Self.excerpt(text))' cannot be the name of a namespace",
      suggestion: "write lower-case letters, digits and -, as in kube-system")
    return nil
  }
}
