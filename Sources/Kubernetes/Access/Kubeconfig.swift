internal import FoundationEssentials
internal import LinuxSystem
internal import YAMLDocuments

extension ClusterAccess {
  /// As one context of a kubeconfig says.
  ///
  /// Fields that are not ours are passed over. Paths count from the file's folder.
  ///
  /// - Parameter context: nil for the file's `current-context`.
  package static func kubeconfig(
    file: String, context: String? = nil
  ) throws(AccessFault) -> ClusterAccess {
    let octets: [UInt8]
    do {
      octets = try contentOfRegularFile(file, atMost: Material.longest)
    } catch {
      throw AccessFault("cannot read the kubeconfig `\(file)`: \(Material.words(for: error.code))")
    }
    var access = try Kubeconfig(octets, file: file).access(context: context)
    access.kubeconfig = KubeconfigPlace(file: file, context: context)
    return access
  }

  static func kubeconfig(
    _ text: String, file: String, context: String? = nil
  ) throws(AccessFault) -> ClusterAccess {
    try Kubeconfig(Array(text.utf8), file: file).access(context: context)
  }
}

/// A kubeconfig's contexts, and what they name.
///
/// Source: the API reference of `kubeconfig (v1)`.
struct Kubeconfig {
  private let root: KubeconfigNode
  private let file: String

  init(_ octets: [UInt8], file: String) throws(AccessFault) {
    self.file = file
    let right = "a kubeconfig has `apiVersion: v1`, `kind: Config`, clusters, users and contexts"
    let node: YAMLNode?
    do throws(YAMLFault) {
      var reader = try YAMLReader(YAMLText(octets))
      node = try reader.next()
    } catch {
      throw AccessFault(
        (error.place.map { "\(file):\($0.line):\($0.column)" } ?? file) + ": \(error.words)")
    }
    guard let node else { throw AccessFault("\(file): the file is empty; \(right)") }
    root = KubeconfigNode(file: file, node: node)
    if let repetition = node.firstRepetition {
      throw root.fault(
        "the key `\(repetition.entry.name)` is written twice; keep one of them",
        at: repetition.entry.place)
    }
    guard node.mapping != nil else { throw root.fault("this is no mapping; \(right)") }
    // Some tools leave the kind out, and kubectl does not mind.
    if let kind = try root.text("kind"), kind != "Config" {
      throw root.fault("this is a `\(kind)`; \(right)", at: root.place(of: "kind"))
    }
    if let version = try root.text("apiVersion"), version != "v1" {
      throw root.fault(
        "`apiVersion: \(version)` is not known; \(right)", at: root.place(of: "apiVersion"))
    }
  }

  func access(context wanted: String?) throws(AccessFault) -> ClusterAccess {
    let contexts = try root.mappings("contexts")
    let name: String
    if let wanted {
      name = wanted
    } else if let current = try root.text("current-context") {
      name = current
    } else {
      throw root.fault(
        "`current-context` is missing; write one of the contexts there are: "
          + (try Self.names(contexts)))
    }
    let context = try entry(
      name, in: contexts, "context", "context",
      namedAt: wanted == nil ? root.place(of: "current-context") : nil)
    guard let clusterName = try context.text("cluster") else {
      throw context.fault("the context `\(name)` names no `cluster`")
    }
    let cluster = try entry(
      clusterName, in: root.mappings("clusters"), "cluster", "cluster",
      namedAt: context.place(of: "cluster"))
    var access = try KubeconfigCluster(cluster, name: clusterName, file: file).access()
    access.namespace = try context.text("namespace")
    // Who names no user is nobody in particular, as with kubectl.
    if let userName = try context.text("user") {
      let user = try entry(
        userName, in: root.mappings("users"), "user", "user", namedAt: context.place(of: "user"))
      try KubeconfigUser(user, name: userName, file: file).add(to: &access)
      if var exec = access.execPlugIn, exec.providesClusterInfo {
        exec.clusterSettings = try KubeconfigCluster(cluster, name: clusterName, file: file)
          .execSettings()
        access.user.authorization = .exec(exec)
      }
    }
    if !access.server.isSecure, access.user.authorization != .none {
      access.warnings.append(
        "\(file): credentials travel in the clear to \(access.server.text); use https")
    }
    return access
  }

  /// The named element of `contexts`, `clusters` or `users`; the first, where there are several.
  private func entry(
    _ name: String, in list: [KubeconfigNode], _ kind: String, _ key: String, namedAt place: Place?
  ) throws(AccessFault) -> KubeconfigNode {
    for element in list where try element.text("name") == name {
      // An empty one is written as null by some tools: all its fields are missing.
      return try element.mapping(key)
        ?? KubeconfigNode(file: file, node: YAMLNode(YAMLMapping(), at: element.node.place))
    }
    throw root.fault(
      "there is no \(kind) `\(name)`; \(kind)s there are: \(try Self.names(list))", at: place)
  }

  private static func names(_ list: [KubeconfigNode]) throws(AccessFault) -> String {
    let names = try list.map { element throws(AccessFault) in try element.text("name") ?? "" }
    return names.isEmpty ? "none" : names.map { "`\($0)`" }.joined(separator: ", ")
  }
}
