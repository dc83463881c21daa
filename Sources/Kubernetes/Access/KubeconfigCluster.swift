internal import FoundationEssentials
internal import YAMLDocuments

/// One of a kubeconfig's clusters.
struct KubeconfigCluster {
  private let node: KubeconfigNode
  private let name: String
  private let file: String

  init(_ node: KubeconfigNode, name: String, file: String) {
    self.node = node
    self.name = name
    self.file = file
  }

  /// Access without a user.
  func access() throws(AccessFault) -> ClusterAccess {
    guard let url = try node.text("server") else {
      throw node.fault("the cluster `\(name)` has no `server`; write for instance \(Self.example)")
    }
    guard let server = ServerURL(url) else {
      throw node.fault(
        "the server `\(UserInformation.removed(from: url))` of the cluster `\(name)` is no URL like \(Self.example)",
        at: node.place(of: "server"))
    }
    var access = ClusterAccess(origin: file, server: server)
    access.serverName = try node.text("tls-server-name")
    if let name = access.serverName, name.isAddress {
      // A certificate's addresses are compared with that of the connection, never with a word of ours.
      guard name == server.host else {
        throw node.fault(
          "`tls-server-name: \(name)` must be a name of the server's certificate, not an address",
          at: node.place(of: "tls-server-name"))
      }
      access.serverName = nil
    }
    if try node.flag("insecure-skip-tls-verify") {
      guard try node.text("certificate-authority-data") == nil,
        try node.text("certificate-authority") == nil
      else {
        throw node.fault(
          "`insecure-skip-tls-verify` and an authority contradict each other; keep one of them",
          at: node.place(of: "insecure-skip-tls-verify"))
      }
      access.authority = .anybody
      access.warnings.append(
        "\(file): insecure-skip-tls-verify: whoever is on the way to \(server.text) can pose as it")
    } else if let authority = try node.material("certificate-authority", in: file) {
      access.authority = .certificates(authority)
    }
    if let proxy = try node.text("proxy-url") {
      do throws(AccessFault) {
        access.proxy = try ClusterProxy(proxy)
      } catch {
        throw node.fault("proxy-url: \(error.description)", at: node.place(of: "proxy-url"))
      }
    }
    if access.proxy != nil, server.isSecure, access.authority != .anybody,
      access.serverName == nil, server.host.isAddress
    {
      // The TLS library compares the certificate's addresses with that of the connection: the proxy's.
      throw node.fault(
        "through a proxy the server's certificate can only be verified by a name: write "
          + "`tls-server-name` with one that it carries (`kubernetes`, mostly)",
        at: node.place(of: "proxy-url"))
    }
    return access
  }

  /// What the cluster has for an exec plug-in, as JSON.
  func execSettings() throws(AccessFault) -> [UInt8]? {
    for element in try node.mappings("extensions")
    where try element.text("name") == "client.authentication.k8s.io/exec" {
      guard let settings = element.value("extension") else { return nil }
      return Array(settings.json.utf8)
    }
    return nil
  }

  private static let example = "https://10.80.0.5:6443"
}

extension KubeconfigNode {
  /// What stands under `<key>-data` in base64, or else the file under `<key>`.
  func material(_ key: String, in kubeconfig: String) throws(AccessFault) -> Material? {
    if let text = try text("\(key)-data") {
      guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters), !data.isEmpty
      else {
        throw fault("`\(key)-data` is not base64", at: place(of: "\(key)-data"))
      }
      return .octets(Array(data))
    }
    return try text(key).map { .file(path($0, from: kubeconfig)) }
  }

  /// Counts from the kubeconfig's folder.
  func path(_ path: String, from kubeconfig: String) -> String {
    guard !path.hasPrefix("/"), let slash = kubeconfig.lastIndex(of: "/") else { return path }
    return String(kubeconfig[...slash]) + path
  }
}

extension YAMLNode {
  /// As JSON; a plain word is what YAML takes it for.
  fileprivate var json: String {
    switch content {
    case .mapping(let mapping):
      "{" + mapping.entries.map { "\($0.name.jsonText):\($0.value.json)" }.joined(separator: ",")
        + "}"
    case .list(let list): "[" + list.map(\.json).joined(separator: ",") + "]"
    case .scalar(let scalar):
      if !scalar.isPlain {
        scalar.text.jsonText
      } else if isNull {
        "null"
      } else if ["true", "false"].contains(scalar.text) || Int64(scalar.text) != nil {
        scalar.text
      } else {
        scalar.text.jsonText
      }
    }
  }
}
