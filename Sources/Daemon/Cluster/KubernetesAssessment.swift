internal import Configuration
internal import Kubernetes

/// What the API server says to this node, for `announcer check`.
struct KubernetesAssessment {
  private(set) var problems: [String] = []
  private(set) var warnings: [String] = []

  init(_ configuration: Configuration) async {
    do throws(StartFailure) {
      guard let parts = try KubernetesParts(configuration) else { return }
      let survey = await ClusterSurvey(
        parts.client, node: parts.watch == nil ? nil : configuration.node,
        leases: configuration.lease.backend == .kubernetes
          ? configuration.lease.kubernetes.namespace : nil)
      problems = survey.problems
      warnings = parts.client.access.warnings + survey.notes
    } catch {
      problems = [error.description]
    }
  }
}
