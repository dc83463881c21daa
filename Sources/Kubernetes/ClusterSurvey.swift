package import Cluster
internal import FoundationEssentials
internal import KubernetesObjects
internal import LinuxSystem
internal import Time

/// Whether the API server lets us do what we are here for: one question for each thing, and nothing
/// written.
package struct ClusterSurvey: Sendable {
  /// What stands in the way, a line each.
  package private(set) var problems: [String] = []
  /// What is not there and need not be.
  package private(set) var notes: [String] = []
  /// The few objects that say by themselves what will go wrong: Nodes, policies and pools.
  package private(set) var objects: [ClusterObject] = []
  /// The kinds that the cluster does not have.
  package private(set) var missingKinds: Set<ClusterObject.Kind> = []
  /// `v1.30.2`; nil where it did not say.
  package private(set) var serverVersion: String?

  private static let patience = Duration.seconds(3)

  /// - Parameters:
  ///   - node: this node's name, which the cluster should know; nil where Services are not announced.
  ///   - leases: the namespace of our Leases; nil where the lease is elsewhere.
  package init(_ client: APIClient, node: String?, leases: String?) async {
    do throws(APIFailure) {
      serverVersion = try await client.serverVersion(until: .now + Self.patience)
    } catch {
      // Nothing else would get an answer either.
      problems = ["kubernetes: \(error)"]
      return
    }
    if let node {
      for kind in ClusterObject.Kind.allCases { await ask(client, kind) }
      await ask(client, forNode: node)
    }
    if let leases { await ask(client, "/apis/coordination.k8s.io/v1/namespaces/\(leases)/leases") }
  }

  private mutating func ask(_ client: APIClient, _ kind: ClusterObject.Kind) async {
    let finder = KindFinder(client: client, kind: kind, patience: Self.patience)
    do throws(APIFailure) {
      guard let path = try await finder.path() else {
        notes.append("the cluster has no \(kind.rawValue) objects")
        missingKinds.insert(kind)
        return
      }
      switch kind {
      case .node, .policy, .pool: await read(client, kind, path)
      case .service, .endpointSlice: await ask(client, path)
      }
    } catch {
      problems.append("kubernetes: \(error)")
    }
  }

  private mutating func read(
    _ client: APIClient, _ kind: ClusterObject.Kind, _ path: String
  ) async {
    do throws(APIFailure) {
      let listing = try await client.list(path, patience: Self.patience)
      for page in listing.pages {
        objects += (try? ObjectList(json: page, of: kind))?.objects ?? []
      }
    } catch {
      problems.append("kubernetes: \(error)")
    }
  }

  private mutating func ask(_ client: APIClient, _ path: String) async {
    do throws(APIFailure) {
      _ = try await client.call(
        .get, path, query: [("limit", "1")], limit: APIClient.longestPage,
        until: .now + Self.patience)
    } catch {
      problems.append("kubernetes: \(error)")
    }
  }

  private mutating func ask(_ client: APIClient, forNode name: String) async {
    struct List: Decodable { let items: [Item] }
    struct Item: Decodable {}
    let answer = try? await client.call(
      .get, "/api/v1/nodes", query: [("fieldSelector", "metadata.name=\(name)")],
      limit: APIClient.longestPage, until: .now + Self.patience)
    // Nodes that cannot be read were said already.
    guard let answer, let list = try? JSONDecoder().decode(List.self, from: Data(answer)) else {
      return
    }
    if list.items.isEmpty {
      problems.append(
        "node: the cluster has no node called \(name): write the name that `kubectl get nodes` shows"
      )
    }
  }
}
