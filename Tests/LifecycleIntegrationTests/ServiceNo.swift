import Announcer
import Cluster

/// A row for every reason why a Service, or one of its addresses, asks for no announcement.
///
/// A new `ServiceReason` does not compile here until `init` names its row; a new row needs a Service that has
/// the reason, and what people are told of it.
enum ServiceNo: String, CaseIterable, Sendable {
  case beingDeleted, externalName, foreignClass, noAddress, hostnameOnly, onProxy, notLoadBalancer
  case unusableAddress, noPolicySelects, kindNotAnnounced
  case outvoted, policiesUnread, policiesGone, defaultPolicyOff

  init(_ reason: ServiceReason) {
    self =
      switch reason {
      case .beingDeleted: .beingDeleted
      case .externalName: .externalName
      case .foreignClass: .foreignClass
      case .noAddress: .noAddress
      case .hostnameOnly: .hostnameOnly
      case .onProxy: .onProxy
      case .notLoadBalancer: .notLoadBalancer
      case .unusableAddress: .unusableAddress
      case .noPolicySelects: .noPolicySelects
      case .kindNotAnnounced: .kindNotAnnounced
      case .outvoted: .outvoted
      case .policiesUnread: .policiesUnread
      case .policiesGone: .policiesGone
      case .defaultPolicyOff: .defaultPolicyOff
      }
  }

  /// The policy beside all rows: it wants the addresses of load balancers of the Services with its label.
  static let policy = """
    {"apiVersion": "cilium.io/v2alpha1", "kind": "CiliumL2AnnouncementPolicy",
     "metadata": {"name": "lan"},
     "spec": {"loadBalancerIPs": true, "serviceSelector": {"matchLabels": {"lan": "yes"}}}}
    """

  /// Rows of a Service beside others and the policy; the other rows need a world without one.
  static let besidePolicy = allCases.filter { !$0.needsNoPolicy }

  var needsNoPolicy: Bool {
    switch self {
    case .policiesUnread, .policiesGone, .defaultPolicyOff: true
    default: false
    }
  }

  /// What Kubernetes allows as a name.
  var name: String { rawValue.lowercased() }

  /// A Service that has the reason: JSON, which is YAML too.
  var service: String {
    switch self {
    case .beingDeleted:
      object(
        metadata: #", "deletionTimestamp": "2026-01-01T00:00:00Z", "finalizers": ["a.b/c"]"#,
        status: ip("10.80.8.200"))
    case .externalName:
      object(
        #""type": "ExternalName", "externalName": "a.example", "externalIPs": ["10.80.8.201"]"#)
    case .foreignClass:
      object(lb + #", "loadBalancerClass": "example.com/lb""#, status: ip("10.80.8.202"))
    case .noAddress: object(lb)
    case .hostnameOnly: object(lb, status: #"{"hostname": "lb.example.com"}"#)
    case .onProxy: object(lb, status: #"{"ip": "10.80.8.205", "ipMode": "Proxy"}"#)
    case .notLoadBalancer: object(#""type": "ClusterIP""#, status: ip("10.80.8.206"))
    // As a template leaves it that was never rendered; the API server would refuse it in `spec`.
    case .unusableAddress: object(lb, status: ip("${MQTT_LB_IP}"))
    case .noPolicySelects: object(lb, labels: "", status: ip("10.80.8.208"))
    case .policiesUnread, .policiesGone, .defaultPolicyOff: object(lb, status: ip("10.80.8.210"))
    // Announced for what the first annotation asks for; the other one does not count.
    case .outvoted:
      object(
        lb,
        metadata: #", "annotations": {"lbipam.cilium.io/ips": "10.80.8.211", "#
          + #""metallb.io/loadBalancerIPs": "10.80.8.212"}"#)
    case .kindNotAnnounced:
      object(#""type": "ClusterIP", "externalIPs": ["10.80.8.209"]"#)
    }
  }

  /// An address that people may ask for; nil where it has none.
  var address: String? {
    switch self {
    case .beingDeleted: "10.80.8.200"
    case .externalName: "10.80.8.201"
    case .foreignClass: "10.80.8.202"
    case .noAddress, .hostnameOnly, .unusableAddress: nil
    case .onProxy: "10.80.8.205"
    case .notLoadBalancer: "10.80.8.206"
    case .noPolicySelects: "10.80.8.208"
    case .kindNotAnnounced: "10.80.8.209"
    case .policiesUnread, .policiesGone, .defaultPolicyOff: "10.80.8.210"
    case .outvoted: "10.80.8.212"
    }
  }

  /// What `check`, `status` and `explain` say.
  var words: String {
    switch self {
    case .beingDeleted: "it is being deleted"
    case .externalName: "its type is ExternalName"
    case .foreignClass: "its loadBalancerClass example.com/lb is none of"
    case .noAddress: "it has neither a load balancer's address nor external addresses"
    case .hostnameOnly: "host name only (lb.example.com)"
    case .onProxy: "10.80.8.205 lives on a proxy"
    case .notLoadBalancer: "its type is ClusterIP"
    case .unusableAddress: "'${MQTT_LB_IP}' cannot be announced"
    case .noPolicySelects: "no policy selects it"
    case .kindNotAnnounced: "policy lan selects it and has externalIPs: false"
    case .policiesUnread: "which is not understood"
    case .policiesGone: "the policies are gone"
    case .defaultPolicyOff: "`defaultPolicy: none` announces nothing"
    case .outvoted: "metallb.io/loadBalancerIPs"
    }
  }

  /// Whether somebody expects it to be announced: only then it is listed without being asked for.
  var isListed: Bool { self != .notLoadBalancer && self != .outvoted }

  /// The event on the Service: its reason and type; nil where another program tells, or nothing is to be done.
  var event: (reason: String, type: String)? {
    switch self {
    case .unusableAddress: ("CannotAnnounce", "Warning")
    case .policiesUnread, .policiesGone: ("CannotAnnounce", "Warning")
    case .noPolicySelects, .kindNotAnnounced, .defaultPolicyOff: ("NotAnnounced", "Normal")
    case .beingDeleted, .externalName, .foreignClass, .noAddress, .hostnameOnly, .onProxy,
      .notLoadBalancer, .outvoted:
      nil
    }
  }

  private var lb: String { #""type": "LoadBalancer""# }
  private func ip(_ text: String) -> String { #"{"ip": "\#(text)"}"# }

  private func object(
    _ spec: String = #""type": "LoadBalancer""#, labels: String = #""lan": "yes""#,
    metadata: String = "", status: String = ""
  ) -> String {
    """
    {"apiVersion": "v1", "kind": "Service",
     "metadata": {"name": "\(name)", "namespace": "default", "labels": {\(labels)}\(metadata)},
     "spec": {\(spec), "ports": [{"port": 80}]}, "status": {"loadBalancer": {"ingress": [\(status)]}}}
    """
  }
}
