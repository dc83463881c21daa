internal import Cluster
internal import Configuration
internal import HostAudit
internal import Kubernetes

/// What the API server says to this node, for `announcer check`.
struct KubernetesAssessment {
  private(set) var problems: [String] = []
  private(set) var warnings: [String] = []
  private(set) var pools: [AnnouncedPool] = []
  private(set) var nodes = NodeAddresses()
  private(set) var server: ServerURL?

  /// Nothing was asked.
  init() {}

  init(_ configuration: Configuration) async {
    do throws(StartFailure) {
      guard let parts = try KubernetesParts(configuration) else { return }
      server = parts.client.access.server
      let survey = await ClusterSurvey(
        parts.client, node: parts.watch == nil ? nil : configuration.node,
        leases: configuration.lease.backend == .kubernetes
          ? configuration.lease.kubernetes.namespace : nil)
      let selection = Self.selection(configuration, survey)
      // Without a single Node, as with a server that does not let us read them, nothing is known.
      let knowsNodes = survey.objects.contains { $0.kind == .node }
      let exclusions = knowsNodes ? selection.exclusions.map { "kubernetes: \($0)" } : []
      problems = survey.problems + exclusions
      warnings =
        parts.client.access.warnings + survey.notes + selection.warnings.map(\.description)
      if knowsNodes {
        warnings += selection.policiesWithoutNodes.map {
          "policy \($0) selects none of the cluster's nodes: nobody announces for it"
        }
      }
      nodes = selection.nodeAddresses
      pools = selection.announcedPools(
        isGivenHere: configuration.kubernetes?.givesAddresses == true)
    } catch {
      problems = [error.description]
    }
  }

  /// What the cluster's own objects say of its nodes and pools.
  private static func selection(
    _ configuration: Configuration, _ survey: ClusterSurvey
  ) -> Selection {
    var settings = SelectionSettings(configuration)
    settings.hasPolicyKind = !survey.missingKinds.contains(.policy)
    settings.knowsAllNodes = true
    var selection = Selection(settings)
    for object in survey.objects { selection.update(object, from: .kubernetes) }
    return selection
  }
}
