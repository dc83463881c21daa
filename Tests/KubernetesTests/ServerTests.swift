import Cluster
import KubernetesTestKit
import LinuxSystem
import Synchronization
import Testing
import Time

@testable import Kubernetes

/// The client against whole servers: ours, and a real one where there is one.
@Suite(.timeLimit(.minutes(10))) struct ServerTests {
  /// The latest that is known of each kind.
  private final class Reader: Sendable {
    private let objects = Mutex<[ClusterObject.Kind: [ObjectName: ClusterObject]]>([:])
    private let installed = Mutex<[ClusterObject.Kind: Bool]>([:])

    func names(_ kind: ClusterObject.Kind) -> [String]? {
      objects.withLock { $0[kind]?.keys.map(\.description).sorted() }
    }
    func isInstalled(_ kind: ClusterObject.Kind) -> Bool? { installed.withLock { $0[kind] } }

    func take(_ news: ClusterNews) {
      objects.withLock { objects in
        switch news {
        case .replaced(let kind, let all, _, _):
          objects[kind] = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
        case .changed(let object): objects[object.kind, default: [:]][object.name] = object
        case .deleted(let kind, let name, _): objects[kind]?[name] = nil
        case .kind(let kind, let isInstalled):
          if !isInstalled { objects[kind] = [:] }
          installed.withLock { $0[kind] = isInstalled }
        case .unread, .trouble, .quiet: break
        }
      }
    }
  }

  private func service(_ name: String) -> String {
    #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"\#(name)","namespace":"default"},"#
      + #""spec":{"type":"ClusterIP","ports":[{"port":80}]}}"#
  }

  @Test(arguments: TestClusterKind.available)
  func aClusterIsFollowed(_ kind: TestClusterKind) async throws {
    try await kind.run { server in
      try await Folder.run { folder in
        // Servers may begin with it.
        try? await server.uninstall(.policy())
        let file = try folder.write("kubeconfig", server.kubeconfig())
        let client = try APIClient(ClusterAccess.find(kubeconfig: file))
        #expect(try await client.serverVersion(until: soon()).hasPrefix("v1."))
        var pace = Follower.pace
        pace.pauses = .milliseconds(20) ... .milliseconds(200)
        let watch = Kubernetes.ClusterWatch(client, pace: pace)
        let reader = Reader()
        let task = Task { await watch.run() }
        let reading = Task { for await news in watch.news { reader.take(news) } }

        try await server.apply(service("web"))
        await eventually { reader.names(.service)?.contains("default/web") == true }
        await eventually { reader.names(.endpointSlice) != nil && reader.names(.node) != nil }
        await eventually { watch.standings[.service]?.lastListAt != nil }

        // A kind that is installed while we look, and taken away.
        await eventually { reader.isInstalled(.policy) == false }
        try await server.install(.policy())
        try await server.apply(
          #"{"apiVersion":"cilium.io/v2alpha1","kind":"CiliumL2AnnouncementPolicy","#
            + #""metadata":{"name":"all"},"spec":{"loadBalancerIPs":true}}"#)
        await eventually { reader.names(.policy) == ["all"] }
        #expect(reader.isInstalled(.policy) == true)
        try await server.uninstall(.policy())
        await eventually { reader.isInstalled(.policy) == false }

        // What happened while the server was away, and what is history by then.
        try await server.kill()
        try await server.restart()
        // The kit's own connections may not know yet that the server was away.
        await eventually { (try? await server.apply(service("mail"))) != nil }
        try await server.delete(.service, "web")
        try await server.compact()
        await eventually {
          let names = reader.names(.service) ?? []
          return names.contains("default/mail") && !names.contains("default/web")
        }

        let missing = await failure {
          _ = try await client.call(
            .get, "/api/v1/namespaces/default/services/none", until: soon())
        }
        #expect(missing?.kind == .notFound)
        #expect(missing?.reason == "NotFound")
        let again = await failure {
          _ = try await client.call(
            .post, "/api/v1/namespaces/default/services", body: Array(service("mail").utf8),
            until: soon())
        }
        #expect(again?.kind == .conflict)
        #expect(again?.reason == "AlreadyExists")
        task.cancel()
        await task.value
        await reading.value
      }
    }
  }
}
