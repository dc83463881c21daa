/// The annotations that matter, each under its name of today and the one it had before.
///
/// Only they are kept: others may be large (`last-applied-configuration` is the whole object once more).
package struct Annotations: Decodable, Sendable {
  /// The addresses asked for, as written; nil: none.
  package let requestedIPs: String?
  package let sharingKey: String?
  package let sharingNamespaces: [String]

  private enum Keys: String, CodingKey {
    case ips = "lbipam.cilium.io/ips"
    case oldIPs = "io.cilium/lb-ipam-ips"
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
    let ips = try text(.ips)
    let oldIPs = try text(.oldIPs)
    if let ips, let oldIPs, ips != oldIPs {
      requestedIPs = "\(ips),\(oldIPs)"
    } else {
      requestedIPs = ips ?? oldIPs
    }
    sharingKey = try text(.sharingKey) ?? text(.oldSharingKey)
    let namespaces = try text(.namespaces) ?? text(.oldNamespaces) ?? ""
    sharingNamespaces = namespaces.split { $0 == "," || $0.isWhitespace }.map(String.init)
  }
}
