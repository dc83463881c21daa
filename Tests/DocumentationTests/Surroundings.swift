import EtcdTestKit
import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Testing

/// What the pages take for granted: etcd at 10.80.0.11 to .13, an API server, and the files with which they
/// are reached.
struct Surroundings: Sendable {
  /// Where the page has a cluster.
  let server: APIServer?
  /// Whether Services have their addresses from somebody else than us.
  let givesAddresses: Bool

  /// Starts what the page speaks of. What is started on a host of the LAN ends with the LAN.
  init(
    for page: Page, on lan: LAN, machines: [Machine], scratch: String
  ) async throws {
    givesAddresses = !page.mentions("addressPools: on")
    if page.mentions("backend: etcd") {
      try await Self.startEtcd(on: lan["store"], machines: machines, scratch: scratch)
    }
    guard page.mentions("kubeconfig") || page.mentions("kubectl") else {
      server = nil
      return
    }
    try await lan["store"].addAddress("10.80.0.5/16")
    var options = APIServer.Options()
    // A cluster without Cilium does not have its kinds.
    if !page.mentions("io.cilium") { options.kinds.removeAll { $0.group == "cilium.io" } }
    // kubectl shows its token to nobody else.
    options.isEncrypted = true
    options.socket = try await lan["store"].inNamespace { try BoundSocket(reachedAs: "10.80.0.5") }
    let server = try await APIServer.start(options)
    self.server = server
    for name in ["node-a", "node-b"] {
      try server.put(
        """
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "\(name)"},
         "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
        """)
    }
    for machine in machines {
      try await machine.write(kubeconfig, to: "/root/.kube/config")
    }
  }

  /// For the server above, whose certificate is made out to localhost; with the authority in it, as `announcer
  /// kubeconfig` writes it.
  var kubeconfig: String {
    var text = server?.kubeconfig() ?? ""
    if let file = server?.authority, let authority = try? Data(contentsOf: URL(filePath: file)) {
      text.replace(
        "certificate-authority: \(file)",
        with: "certificate-authority-data: \(authority.base64EncodedString())")
    }
    return text.replacing("    server:", with: "    tls-server-name: localhost\n    server:")
  }

  private static func startEtcd(
    on host: Host, machines: [Machine], scratch: String
  ) async throws {
    let addresses = ["10.80.0.11", "10.80.0.12", "10.80.0.13"]
    for address in addresses { try await host.addAddress("\(address)/16") }
    let directory = "\(scratch)/etcd"
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    let files = try await EtcdTLSFiles(in: directory, hosts: addresses)
    let urls = addresses.map { "https://\($0):2379" }.joined(separator: ",")
    let etcd = try host.spawn([
      "etcd", "--data-dir", "\(directory)/data", "--listen-client-urls", urls,
      "--advertise-client-urls", urls, "--listen-peer-urls", "http://127.0.0.1:2380",
      "--cert-file", files.serverCertificate, "--key-file", files.serverKey,
      "--trusted-ca-file", files.authority, "--client-cert-auth",
    ])
    // As the administrator of etcd would hand them out.
    for machine in machines {
      for (source, name) in [
        (files.authority, "etcd-ca.pem"), (files.clientCertificate, "etcd-client.pem"),
        (files.clientKey, "etcd-client.key"),
      ] {
        try await machine.write(
          try String(contentsOfFile: source, encoding: .utf8), to: "/root/\(name)")
      }
    }
    let first = try #require(machines.first)
    let served = try await timeUntil(within: .seconds(60)) {
      guard etcd.isRunning else { throw LANError("etcd: \(etcd.standardError.suffix(2000))") }
      return try await first.run(
        "etcdctl --endpoints https://10.80.0.11:2379 --cacert etcd-ca.pem --cert etcd-client.pem "
          + "--key etcd-client.key get a"
      ).succeeded
    }
    guard served != nil else { throw LANError("etcd does not serve") }
  }
}
