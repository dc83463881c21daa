/// Where the API server is, whom we trust there, and who we are.
package struct ClusterAccess: Hashable, Sendable {
  package enum Authority: Hashable, Sendable {
    case system
    case certificates(Material)
    /// `insecure-skip-tls-verify`.
    case anybody
  }

  /// Where this comes from, for people: the kubeconfig's path, or `in-cluster credentials`.
  package var origin: String
  package var server: ServerURL
  /// The name that the server's certificate has to carry, where it is not the URL's (`tls-server-name`).
  package var serverName: String?
  package var authority: Authority
  package var proxy: ClusterProxy?
  package var user: ClusterUser
  /// The context's namespace, or the pod's own.
  package var namespace: String?
  /// What works and is not well, for `check` and `status`; one line each.
  package var warnings: [String]
  /// The kubeconfig that says all this; nil for none.
  var kubeconfig: KubeconfigPlace?

  package init(
    origin: String, server: ServerURL, serverName: String? = nil, authority: Authority = .system,
    proxy: ClusterProxy? = nil, user: ClusterUser = ClusterUser(), namespace: String? = nil,
    warnings: [String] = []
  ) {
    self.origin = origin
    self.server = server
    self.serverName = serverName
    self.authority = authority
    self.proxy = proxy
    self.user = user
    self.namespace = namespace
    self.warnings = warnings
  }

  /// What the kubeconfig says now; nil where this comes from elsewhere.
  func reread() throws(AccessFault) -> ClusterAccess? {
    guard let kubeconfig else { return nil }
    return try Self.kubeconfig(file: kubeconfig.file, context: kubeconfig.context)
  }

  /// Whether `other` is the same server by the same way, whoever we are to it. That cannot be changed while connections
  /// and watches are there.
  func leads(whereDoes other: ClusterAccess) -> Bool {
    server == other.server && serverName == other.serverName && proxy == other.proxy
      && user.impersonation == other.user.impersonation
  }

  /// The plug-in that is run for credentials, where there is one.
  var execPlugIn: ExecPlugIn? {
    guard case .exec(let plugIn) = user.authorization else { return nil }
    return plugIn
  }

  /// The kubeconfig where one is named, else what a pod is given.
  package static func find(
    kubeconfig: String?, context: String? = nil, inCluster: InClusterPlaces = InClusterPlaces()
  ) throws(AccessFault) -> ClusterAccess {
    if let kubeconfig { return try self.kubeconfig(file: kubeconfig, context: context) }
    guard inCluster.serviceHost != nil else {
      throw AccessFault(
        "no kubeconfig is configured (`kubernetes.kubeconfig`), and this is no pod with a service "
          + "account (KUBERNETES_SERVICE_HOST is not set): set one of them")
    }
    return try self.inCluster(inCluster)
  }
}

/// A kubeconfig, and the context of it that counts; nil for its `current-context`.
struct KubeconfigPlace: Hashable, Sendable {
  let file: String
  let context: String?
}

extension ClusterAccess {
  /// The files that a kubeconfig names, with the words that it names them by.
  package var files: [(purpose: String, path: String)] {
    var files: [(purpose: String, path: String)] = []
    func add(_ purpose: String, _ material: Material?) {
      if let file = material?.file { files.append((purpose, file)) }
    }
    if case .certificates(let authority) = authority { add("certificate-authority", authority) }
    add("client-certificate", user.certificate?.chain)
    add("client-key", user.certificate?.key)
    if case .tokenFile(let file) = user.authorization { files.append(("tokenFile", file)) }
    return files
  }
}
