internal import Configuration
internal import Kubernetes

/// What is spoken with the API server: one client for the objects, the reports and the lease.
struct KubernetesParts: Sendable {
  let client: APIClient
  /// Nil where Services are not announced.
  let watch: ClusterWatch?

  /// Nil where the configuration has nothing to do with a cluster.
  init?(_ configuration: Configuration) throws(StartFailure) {
    let settings = configuration.kubernetes
    guard settings != nil || configuration.lease.backend == .kubernetes else { return nil }
    do throws(AccessFault) {
      let access = try ClusterAccess.find(
        kubeconfig: settings?.kubeconfig, context: settings?.context)
      client = try APIClient(access)
    } catch {
      throw StartFailure("kubernetes: \(error)")
    }
    watch = settings?.announcesServices ?? false ? ClusterWatch(client) : nil
  }
}
