/// A program that is run to obtain credentials.
///
/// Source: the API reference of client.authentication.k8s.io/v1, "ExecConfig" of a kubeconfig.
package struct ExecPlugIn: Hashable, Sendable {
  /// Found through PATH, or a path; one with a slash in it counts from the kubeconfig's folder.
  package var command: String
  package var arguments: [String]
  package var environment: [String: String]
  /// `client.authentication.k8s.io/v1` or `…/v1beta1`: the form of what it is told and of what it answers.
  package var apiVersion: String
  /// Told to the user where the command is not there.
  package var installHint: String?
  /// Where the plug-in wants to know the cluster: the kubeconfig's server, authority and name to verify.
  package var providesClusterInfo: Bool
  /// What the kubeconfig's cluster has for this plug-in (`client.authentication.k8s.io/exec`), as JSON.
  package var clusterSettings: [UInt8]?

  package static let apiVersions = [
    "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1",
  ]

  package init(
    command: String, arguments: [String] = [], environment: [String: String] = [:],
    apiVersion: String = Self.apiVersions[0], installHint: String? = nil,
    providesClusterInfo: Bool = false, clusterSettings: [UInt8]? = nil
  ) {
    self.command = command
    self.arguments = arguments
    self.environment = environment
    self.apiVersion = apiVersion
    self.installHint = installHint
    self.providesClusterInfo = providesClusterInfo
    self.clusterSettings = clusterSettings
  }
}
