/// An API server for a test, be it in this process or a real one, so that one suite runs against both.
package protocol TestCluster: AnyObject, Sendable {
  var kind: TestClusterKind { get }
  /// Without a slash at its end.
  var url: String { get }
  /// A bearer token that may do everything.
  var token: String { get }
  /// The file of the authority that signed the server's certificate; nil for http.
  var authority: String? { get }

  /// Forgets the history of all objects: whoever continues from before gets a 410. A real server starts again
  /// for it.
  func compact() async throws
  /// Ends it the hard way; what it knows stays.
  func kill() async throws
  /// Starts it after its end, on the same port, and waits until it answers.
  func restart() async throws
  /// Keeps what it knows, to be put back later. A real server starts again for it.
  func backUp() async throws -> ClusterBackup
  /// Stops it without ending it (SIGSTOP).
  func freeze()
  /// Lets it go on (SIGCONT).
  func thaw()
  /// Serves a custom kind from now on.
  func install(_ kind: APIKind) async throws
  /// Serves a custom kind no more; its objects are gone.
  func uninstall(_ kind: APIKind) async throws
}

/// What a cluster knew at one moment.
package struct ClusterBackup: Sendable {
  let body: @Sendable () async throws -> Void

  /// Puts it back, versions too, as people do after a disaster: the server ends, and starts again.
  package func restore() async throws { try await body() }
}

extension TestCluster {
  /// Writes a kubeconfig with this server as its only cluster and the token as its user's.
  package func kubeconfig(namespace: String = "default") -> String {
    let trust = authority.map { "\n    certificate-authority: \($0)" } ?? ""
    return """
      apiVersion: v1
      kind: Config
      current-context: test
      clusters:
      - name: test
        cluster:
          server: \(url)\(trust)
      users:
      - name: test
        user:
          token: \(token)
      contexts:
      - name: test
        context:
          cluster: test
          user: test
          namespace: \(namespace)

      """
  }
}
