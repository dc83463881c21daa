import FoundationEssentials
import Kubernetes
import KubernetesTestKit

extension TestCluster {
  /// A client that may do everything.
  func client() throws -> APIClient {
    let file =
      FileManager.default.temporaryDirectory.path
      + "/announcer-reports-\(UInt64.random(in: 0 ... .max))"
    try kubeconfig().write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    return try APIClient(ClusterAccess.kubeconfig(file: file))
  }
}
