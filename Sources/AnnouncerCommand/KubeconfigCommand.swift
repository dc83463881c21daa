internal import ArgumentParser
internal import Configuration
internal import Glibc
internal import Kubernetes
internal import LinuxSystem

struct KubeconfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kubeconfig",
    abstract: "Make the kubeconfig with which the nodes speak to their cluster.",
    discussion: """
      Run it where an administrator's kubeconfig is, after `kubectl apply -f rbac.yaml`; it prints the \
      kubeconfig of the service account. Copy it to every node, readable by the group announcer and \
      nobody else: /etc/announcer/kubeconfig. The same file serves all nodes.
      """)

  @Option(
    name: .customLong("from"),
    help: ArgumentHelp(
      "The administrator's kubeconfig; by default $KUBECONFIG, ~/.kube/config, or that of RKE2, "
        + "K3s or kubeadm.", valueName: "file"))
  var source: String?

  @Option(help: "Its context; by default the current one.")
  var context: String?

  @Option(help: "The namespace of the service account.")
  var namespace = KubernetesLeaseSettings.defaultNamespace

  @Option(help: "The name of the service account.")
  var serviceAccount = "announcer"

  @Option(
    help: ArgumentHelp(
      "How the nodes reach the API server, where that differs: https://10.80.0.5:6443.",
      valueName: "url"))
  var server: String?

  @Option(
    help: ArgumentHelp(
      "Ask for a token that ends, such as 8760h; by default it stays good until its Secret is deleted.",
      valueName: "duration"))
  var lifetime: String?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Write it there, readable by its owner alone.", valueName: "file"))
  var output: String?

  func validate() throws {
    if let server, ServerURL(server) == nil {
      throw ValidationError("'\(server)' is no URL of an API server: https://10.80.0.5:6443.")
    }
    if let lifetime, Self.seconds(lifetime) == nil {
      throw ValidationError("'\(lifetime)' is no duration of 10m or more: 24h, 8760h.")
    }
  }

  func run() async throws {
    let file = try source ?? Self.defaultSource()
    let text: String
    do {
      let access = try ClusterAccess.kubeconfig(file: file, context: context)
      let url = server.flatMap(ServerURL.init)
      warn(about: url ?? access.server)
      text = try await NodeKubeconfig(
        APIClient(access), namespace: namespace, account: serviceAccount
      ).make(lifetime: lifetime.flatMap(Self.seconds), server: url)
    } catch {
      throw CommandFailure("\(error)")
    }
    guard let output else { return try CommandFailure.writeToStandardOutput(text) }
    do throws(SystemError) {
      try writeSecret(text, to: output)
    } catch {
      throw CommandFailure("cannot write \(output): \(error)")
    }
  }

  /// The administrator's files of RKE2 and K3s name the node itself.
  private func warn(about server: ServerURL) {
    guard ["127.0.0.1", "localhost", "::1", "0.0.0.0"].contains(server.host) else { return }
    CommandFailure.writeToStandardError(
      "announcer: \(server.text) is this machine: other nodes need --server https://ADDRESS:PORT")
  }

  private static func defaultSource() throws -> String {
    let home = unsafe getenv("HOME").map { unsafe String(cString: $0) }
    let named = unsafe getenv("KUBECONFIG").map { unsafe String(cString: $0) }
    if let first = named?.split(separator: ":").first { return String(first) }
    let places =
      (home.map { ["\($0)/.kube/config"] } ?? []) + [
        "/etc/rancher/rke2/rke2.yaml", "/etc/rancher/k3s/k3s.yaml", "/etc/kubernetes/admin.conf",
      ]
    for place in places where unsafe access(place, R_OK) == 0 { return place }
    throw CommandFailure("no administrator's kubeconfig is found: name it with --from FILE")
  }

  /// Hours, minutes or seconds; an API server gives no token for less than ten minutes.
  static func seconds(_ text: String) -> Duration? {
    guard let unit = text.last, let number = Int64(text.dropLast()), number > 0 else { return nil }
    let factor: Int64? =
      switch unit {
      case "h": 3600
      case "m": 60
      case "s": 1
      default: nil
      }
    guard let factor,
      case (let seconds, let overflow) = number.multipliedReportingOverflow(by: factor),
      !overflow, seconds >= 600
    else { return nil }
    return .seconds(seconds)
  }
}
