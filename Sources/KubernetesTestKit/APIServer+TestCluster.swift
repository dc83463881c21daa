extension APIServer: TestCluster {
  package var kind: TestClusterKind { .inProcess }
  package var authority: String? { certificates?.authority }

  package func compact() async throws { faults.compact() }
  package func restart() async throws { try await startListening() }
  package func freeze() { faults.freeze() }
  package func thaw() { faults.thaw() }
  package func install(_ kind: APIKind) async throws { serve(kind) }
  package func uninstall(_ kind: APIKind) async throws { serveNoMore(kind) }
}
