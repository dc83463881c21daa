extension Service {
  /// What matters of a Service to whoever gives it addresses, and to nobody else.
  ///
  /// Every node has every Service in memory: what is rare here costs nothing where it is absent.
  package struct Allocation: Hashable, Sendable {
    /// `spec.ipFamilies`, never empty, the first one preferred.
    package var families: [IPFamily] = IPFamily.shared([])
    package var familyPolicy = FamilyPolicy.singleStack
    /// The addresses that an annotation asks for, as written; nil: none.
    package var requestedIPs: String?
    /// Where two annotations ask for different ones: both, the one that counts first. Else nothing.
    package var outvotedIPs: [RequestedIPs] = []
    /// Services that have the same one may share an address; nil: shares with none.
    package var sharingKey: String?
    /// Other namespaces whose Services may share, `*` for all of them.
    package var sharingNamespaces: [String] = []
    /// `spec.ports`, in order. Only of a Service that has a sharing key: nobody else's matter.
    package var ports: [Port] = []
    /// `spec.selector`. Only of a Service that has a sharing key.
    package var podSelector: Labels = [:]
    /// `metadata.creationTimestamp`: RFC 3339 in a form of one width, so that the order of the texts is the
    /// order in time. Compared with those of the same server only.
    package var createdAt = ""
    /// `metadata.resourceVersion`.
    package var version = ""
    /// `status.conditions`.
    package var conditions: [Condition] = []

    package init() {}
  }

  /// `spec.ipFamilyPolicy`.
  package enum FamilyPolicy: String, Hashable, Sendable {
    case singleStack = "SingleStack"
    case preferDualStack = "PreferDualStack"
    case requireDualStack = "RequireDualStack"
  }

  package struct Port: Hashable, Comparable, Sendable {
    package var number: UInt16
    /// `TCP`, which is the default, `UDP` or `SCTP`.
    package var `protocol`: String

    package init(_ number: UInt16, _ protocol: String = "TCP") {
      self.number = number
      self.protocol = `protocol`
    }

    package static func < (left: Self, right: Self) -> Bool {
      (left.number, left.protocol) < (right.number, right.protocol)
    }
  }
}
