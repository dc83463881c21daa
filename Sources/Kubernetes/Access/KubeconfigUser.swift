internal import YAMLDocuments

/// One of a kubeconfig's users.
struct KubeconfigUser {
  private let node: KubeconfigNode
  private let name: String
  private let file: String

  init(_ node: KubeconfigNode, name: String, file: String) {
    self.node = node
    self.name = name
    self.file = file
  }

  func add(to access: inout ClusterAccess) throws(AccessFault) {
    if let provider = node.value("auth-provider")?.place {
      throw node.fault(
        "`auth-provider` of the user `\(name)` is a thing of the past; use an `exec` plug-in or a "
          + "token", at: provider)
    }
    let chain = try node.material("client-certificate", in: file)
    let key = try node.material("client-key", in: file)
    guard (chain == nil) == (key == nil) else {
      throw node.fault(
        "the user `\(name)` has only one of `client-certificate` and `client-key`: they go together"
      )
    }
    if let chain, let key {
      access.user.certificate = ClusterUser.Certificate(chain: chain, key: key)
    }
    access.user.impersonation = try impersonation()
    let (token, exec) = (try token(), try exec())
    let password = try password()
    if token != nil, password != nil {
      throw node.fault("the user `\(name)` has a token and a user name: keep one of them")
    }
    if exec != nil, token != nil || password != nil {
      // As kubectl has it: what is written down comes first.
      access.warnings.append(
        "\(file): the `exec` of the user `\(name)` is not run, because a token or password is there"
      )
    }
    access.user.authorization = token ?? password ?? exec.map { .exec($0) } ?? .none
  }

  private func token() throws(AccessFault) -> ClusterUser.Authorization? {
    // The file is newer than what was written down beside it.
    if let file = try node.text("tokenFile") {
      return .tokenFile(node.path(file, from: self.file))
    }
    return try node.text("token").map { .token($0) }
  }

  private func password() throws(AccessFault) -> ClusterUser.Authorization? {
    guard let user = try node.text("username") else { return nil }
    guard !user.contains(":") else {
      throw node.fault(
        "a user name with a colon cannot be sent", at: node.place(of: "username"))
    }
    return .password(user: user, password: try node.text("password") ?? "")
  }

  private func exec() throws(AccessFault) -> ExecPlugIn? {
    guard let exec = try node.mapping("exec") else { return nil }
    guard let command = try exec.text("command") else {
      throw exec.fault("the `exec` of the user `\(name)` has no `command`")
    }
    let versions = ExecPlugIn.apiVersions.map { "`\($0)`" }.joined(separator: " or ")
    guard let version = try exec.text("apiVersion"), ExecPlugIn.apiVersions.contains(version) else {
      throw exec.fault(
        "the `exec` of the user `\(name)` must have `apiVersion` \(versions)",
        at: exec.place(of: "apiVersion"))
    }
    if try exec.text("interactiveMode") == "Always" {
      throw exec.fault(
        "the `exec` of the user `\(name)` needs somebody at a terminal (interactiveMode: Always): "
          + "a daemon has none", at: exec.place(of: "interactiveMode"))
    }
    var environment: [String: String] = [:]
    for variable in try exec.mappings("env") {
      guard let name = try variable.text("name"), !name.contains("=") else {
        throw variable.fault("a variable needs a `name`")
      }
      environment[name] = try variable.text("value") ?? ""
    }
    return ExecPlugIn(
      command: command.contains("/") ? node.path(command, from: file) : command,
      arguments: try exec.texts("args"), environment: environment, apiVersion: version,
      installHint: try exec.text("installHint"),
      providesClusterInfo: try exec.flag("provideClusterInfo"))
  }

  /// Source: Kubernetes documentation, "User impersonation".
  private func impersonation() throws(AccessFault) -> [ClusterUser.Header] {
    var headers: [ClusterUser.Header] = []
    if let user = try node.text("as") {
      headers.append(.init(name: "Impersonate-User", value: user))
    }
    if let uid = try node.text("as-uid") {
      headers.append(.init(name: "Impersonate-Uid", value: uid))
    }
    for group in try node.texts("as-groups") {
      headers.append(.init(name: "Impersonate-Group", value: group))
    }
    return headers
  }
}
