internal import Glibc

/// Where a pod finds its service account and the API server.
///
/// Source: Kubernetes documentation, "Accessing the Kubernetes API from a Pod".
package struct InClusterPlaces: Hashable, Sendable {
  /// KUBERNETES_SERVICE_HOST: an address, IPv6 without brackets.
  package var serviceHost: String?
  /// KUBERNETES_SERVICE_PORT.
  package var servicePort: String?
  /// Has `token`, `ca.crt` and `namespace`.
  package var directory: String

  package init(
    serviceHost: String? = Self.variable("KUBERNETES_SERVICE_HOST"),
    servicePort: String? = Self.variable("KUBERNETES_SERVICE_PORT"),
    directory: String = "/var/run/secrets/kubernetes.io/serviceaccount"
  ) {
    self.serviceHost = serviceHost
    self.servicePort = servicePort
    self.directory = directory
  }

  package static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}

extension ClusterAccess {
  /// As the service account of the pod that we run in.
  package static func inCluster(
    _ places: InClusterPlaces = InClusterPlaces()
  ) throws(AccessFault) -> ClusterAccess {
    guard let host = places.serviceHost else {
      throw AccessFault("this is no pod: KUBERNETES_SERVICE_HOST is not set")
    }
    let port = places.servicePort ?? "443"
    guard let number = Int(port), (1...65535).contains(number) else {
      throw AccessFault("KUBERNETES_SERVICE_PORT is `\(port)`, which is no port")
    }
    let (token, authority) = ("\(places.directory)/token", "\(places.directory)/ca.crt")
    // Both are read again later: here it is only said early if they are missing.
    _ = try Material.contents(of: token, "the service account's token")
    _ = try Material.contents(of: authority, "the cluster's authority")
    let namespace = try? Material.contents(of: "\(places.directory)/namespace", "namespace")
    let name = namespace.map { String(decoding: $0, as: UTF8.self).filter { !$0.isWhitespace } }
    return ClusterAccess(
      origin: "in-cluster credentials",
      server: ServerURL(isSecure: true, host: ServerURL.bare(host), port: number),
      authority: .certificates(.file(authority)),
      user: ClusterUser(authorization: .tokenFile(token)),
      namespace: name?.isEmpty == false ? name : nil)
  }
}
