import KubernetesTestKit
import LANTestKit
import Testing

/// What the test server has beyond a real one.
@Suite struct APIServerTests {
  @Test func hasItsObjectsAtHand() async throws {
    let server = try await APIServer.start()
    let text = """
      {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},
       "spec":{"type":"LoadBalancer","ports":[{"port":80}]},
       "status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}
      """
    let version = try server.put(text)
    let services = try await server.list(.service)
    #expect(services.map { $0["metadata"]["name"] } == ["web"])
    #expect(services.map { $0["metadata"]["namespace"] } == ["default"])
    #expect(services.map { $0["metadata"]["resourceVersion"].string } == ["\(version)"])
    let watch = try await server.watch(
      APIKind.service.path(), query: [("resourceVersion", "\(version)")])
    // The same again changes nothing.
    #expect(try server.put(text) == version)
    #expect(
      try server.put(service("web", in: "default", spec: ["externalIPs": ["192.0.2.2"]])) > version)
    #expect(server.object("services", "default", "web")?["status"] != ["loadBalancer": [:]])
    server.delete("services", "default", "web")
    #expect(server.objects("services").isEmpty)
    await eventually { watch.summary == ["MODIFIED web", "DELETED web"] }
    #expect(throws: (any Error).self) { try server.put(#"{"apiVersion":"v9","kind":"Service"}"#) }
  }

  @Test func countsRequests() async throws {
    let server = try await APIServer.start()
    _ = try await server.list(.lease)
    _ = try await server.list(.lease, in: "default")
    try await server.apply(
      service("web", in: "default").merged(with: ["status": ["loadBalancer": [:]]]))
    _ = try await server.watch(APIKind.lease.path())
    #expect(server.requestCount(.list, on: "leases") == 2)
    #expect(server.requestCount(.watch, on: "leases") == 1)
    #expect(server.requestCount(.create) == 1)
    #expect(server.requestCount(.patch, on: "services/status") == 1)
    #expect(server.requestCount() == 6)
    #expect(server.requests.last?.query["watch"] == "true")
    #expect(server.watchCount(of: "leases") == 1)
    server.forgetRequests()
    #expect(server.requestCount() == 0)
  }

  @Test func watchesThatAreLetGoAreGone() async throws {
    let server = try await APIServer.start()
    var watch: ClusterWatch? = try await server.watch(APIKind.lease.path())
    #expect(watch?.code == 200 && server.watchCount() == 1)
    watch = nil
    await eventually { server.watchCount() == 0 }
  }

  @Test func rotatesTokens() async throws {
    let server = try await APIServer.start()
    let old = server.token
    let new = server.rotateToken()
    #expect(old != new)
    #expect(try await server.call("GET", "/version", token: old).code == 401)
    #expect(try await server.call("GET", "/version", token: new).code == 200)
    server.validTokens.insert(old)
    #expect(try await server.call("GET", "/version", token: old).code == 200)
    #expect(try await server.call("GET", "/version", token: "").code == 401)
  }

  @Test func deniesRights() async throws {
    let server = try await APIServer.start()
    server.deny([.list, .watch], on: "leases")
    expectRefusal(
      try await server.call("GET", APIKind.lease.path(in: "kube-system")), 403, "Forbidden",
      #"leases.coordination.k8s.io is forbidden: User "announcer" cannot list resource "leases" in API "#
        + #"group "coordination.k8s.io" in the namespace "kube-system""#)
    #expect(try await server.watch(APIKind.lease.path()).code == 403)
    #expect(try await server.create(lease("a", in: "default")).code == 201)
    server.deny([.patch], on: "services/status")
    try await server.apply(service("web", in: "default"))
    await #expect(throws: TestClusterError.self) {
      try await server.patchStatus(service("web", in: "default"))
    }
    server.allowAll()
    #expect(try await server.list(.lease).count == 1)
  }

  @Test func encrypts() async throws {
    var options = APIServer.Options()
    options.isEncrypted = true
    var server: APIServer? = try await APIServer.start(options)
    let directory = try #require(server?.authority)
    #expect(try await server?.list(.service).isEmpty == true)
    #expect(server?.kubeconfig().contains("certificate-authority: \(directory)") == true)
    let there = try await runCommand(["test", "-e", directory])
    #expect(there.succeeded)
    // With a certificate, and without any token.
    let files = try #require(server?.certificates)
    let url = try #require(server?.url)
    let shown = try await runCommand([
      "curl", "--silent", "--show-error", "--fail", "--cacert", files.authority, "--cert",
      files.clientCertificate, "--key", files.clientKey, "\(url)/version",
    ])
    #expect(shown.succeeded, "\(shown.standardError)")
    let expired = try await runCommand([
      "curl", "--silent", "--fail", "--cacert", files.authority, "--cert", files.expiredCertificate,
      "--key", files.clientKey, "\(url)/version",
    ])
    #expect(!expired.succeeded)
    _ = consume files
    server = nil
    try await eventually { try await !runCommand(["test", "-e", directory]).succeeded }
  }

  @Test func servesVersionsOfChoice() async throws {
    var options = APIServer.Options()
    options.kinds = [.namespace, .endpointSlice(["v1", "v1beta1"])]
    let server = try await APIServer.start(options)
    try server.put(
      [
        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": ["name": "a"],
        "addressType": "IPv4",
        "endpoints": [["addresses": ["192.0.2.1"], "nodeName": "node-a"]],
      ])
    let new = try await server.list(.endpointSlice())
    #expect(new.first?["endpoints"].array.first?["nodeName"] == "node-a")
    let old = try await server.list(.endpointSlice(["v1beta1"]))
    let endpoint = old.first?["endpoints"].array.first
    #expect(endpoint?["topology"]["kubernetes.io/hostname"] == "node-a")
    #expect(endpoint?["nodeName"] == .null)
    #expect(try await server.call("GET", APIKind.lease.path()).code == 404)
  }
}
