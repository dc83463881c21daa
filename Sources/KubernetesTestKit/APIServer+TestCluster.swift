internal import Synchronization

extension APIServer: TestCluster {
  package var kind: TestClusterKind { .inProcess }
  package var authority: String? { certificates?.authority }

  package func compact() async throws { faults.compact() }
  package func restart() async throws { try await startListening() }
  package func backUp() async throws -> ClusterBackup {
    let store = core.state.withLock { $0.store }
    return ClusterBackup { [self] in
      core.state.withLock { state in
        state.store = store
        state.watchers = [:]
      }
      // To those who are connected it was away for a moment.
      faults.cutConnections()
    }
  }

  package func freeze() { faults.freeze() }
  package func thaw() { faults.thaw() }
  package func install(_ kind: APIKind) async throws { serve(kind) }
  package func uninstall(_ kind: APIKind) async throws { serveNoMore(kind) }
}
