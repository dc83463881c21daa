package import Cluster

/// The annotations that matter, each under its name of today and the one it had before.
///
/// Only they are kept: others may be large (`last-applied-configuration` is the whole object once more).
package struct Annotations: Decodable, Sendable {
  /// What Cilium's names ask for, the name of today first; what is empty asks for nothing.
  private let ciliumIPs: [RequestedIPs]
  /// The same for MetalLB's.
  private let metalLBIPs: [RequestedIPs]
  /// The same for kube-vip's.
  private let kubeVipIPs: [RequestedIPs]
  package let sharingKey: String?
  package let sharingNamespaces: [String]

  private enum Keys: String, CodingKey {
    case ips = "lbipam.cilium.io/ips"
    case oldIPs = "io.cilium/lb-ipam-ips"
    case metalLBIPs = "metallb.io/loadBalancerIPs"
    case oldMetalLBIPs = "metallb.universe.tf/loadBalancerIPs"
    case kubeVipIPs = "kube-vip.io/loadbalancerIPs"
    case sharingKey = "lbipam.cilium.io/sharing-key"
    case oldSharingKey = "io.cilium/lb-ipam-sharing-key"
    case namespaces = "lbipam.cilium.io/sharing-cross-namespace"
    case oldNamespaces = "io.cilium/lb-ipam-sharing-cross-namespace"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    func text(_ key: Keys) throws -> String? {
      let text = try container.decodeIfPresent(String.self, forKey: key)
      return text?.isEmpty == false ? text : nil
    }
    func requests(_ keys: [Keys]) throws -> [RequestedIPs] {
      try keys.compactMap { key in
        try text(key).map { RequestedIPs(key.rawValue, $0) }
      }
    }
    ciliumIPs = try requests([.ips, .oldIPs])
    metalLBIPs = try requests([.metalLBIPs, .oldMetalLBIPs])
    kubeVipIPs = try requests([.kubeVipIPs])
    sharingKey = try text(.sharingKey) ?? text(.oldSharingKey)
    let namespaces = try text(.namespaces) ?? text(.oldNamespaces) ?? ""
    sharingNamespaces = namespaces.split { $0 == "," || $0.isWhitespace }.map(String.init)
  }

  /// What pools are asked for: the first of Cilium's names that is there counts, as it does in Cilium.
  package var requestsOfPools: [RequestedIPs] { Self.distinct(ciliumIPs) }

  /// What is asked for where there is no controller, by the names of Cilium first.
  package var requests: [RequestedIPs] { Self.distinct(ciliumIPs + metalLBIPs + kubeVipIPs) }

  /// The first, and those that ask for something else than it does.
  private static func distinct(_ requests: [RequestedIPs]) -> [RequestedIPs] {
    guard let first = requests.first else { return [] }
    return [first] + requests.dropFirst().filter { !$0.isLike(first) }
  }
}
