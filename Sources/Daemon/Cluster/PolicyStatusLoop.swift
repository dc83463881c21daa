internal import Cluster
internal import Kubernetes
internal import KubernetesReports

/// Says in the status of policies what is wrong with them: one node does, the others only where it does
/// not.
struct PolicyStatusLoop: Sendable {
  let parts: KubernetesParts
  let model: ClusterModel
  let log: EventLog
  let troubles: ReportTroubles

  /// How much longer than the one before it each node waits, in the order of their names.
  private static let turn = Duration.seconds(15)
  /// A moment for the watch to show what somebody has written.
  private static let pause = Duration.milliseconds(300)
  private static let what = "what is wrong with policies cannot be written into their status"

  func run() async {
    let writer = PolicyStatusWriter(parts.client)
    // What goes on failing alike is said once.
    var told: [String: APIFailure] = [:]
    for await _ in model.policySignals {
      while !model.pendingConditions.isEmpty, !Task.isCancelled {
        try? await Task.sleep(for: Self.pause + Self.turn * model.nodesBefore)
        guard let path = parts.watch?.standings[.policy]?.path else { continue }
        for (policy, conditions) in model.pendingConditions {
          do throws(APIFailure) {
            try await writer.write(conditions, to: policy, in: path)
            troubles.note(Self.what, nil)
          } catch {
            if error.kind == .cancelled { return }
            // Somebody else's writing, of which the watch will tell; or a right that may be granted.
            let isRace = error.kind == .conflict || error.kind == .notFound
            troubles.note(Self.what, error)
            if !isRace, error.kind != .refused, told.updateValue(error, forKey: policy) != error {
              log.policyStatusFailed(policy, error)
            }
            try? await Task.sleep(for: isRace ? Self.pause : Self.turn)
          }
        }
      }
    }
  }
}
