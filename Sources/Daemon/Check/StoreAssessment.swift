package import Configuration
internal import Glibc
internal import Kubernetes
package import Lease
internal import LeaseEtcd
internal import LeaseKubernetes
internal import LeaseLocal
internal import LinuxSystem
internal import Time

/// What the lease store says when it is tried as the daemon would use it: `announcer check --store`. Nothing is
/// written.
package struct StoreAssessment: Sendable {
  package private(set) var trials: [StoreTrial] = []
  package private(set) var problems: [String] = []
  package private(set) var warnings: [String] = []
  package private(set) var notChecked: [String] = []

  /// For all places together, which are tried at once, and once more for all rights.
  private static let patience = Duration.seconds(5)

  package init(_ configuration: Configuration) async {
    let closed = FileAssessment(configuration).closed
    if let file = closed["lease"] ?? closed["kubernetes"] {
      notChecked = ["the lease store: this user may not read \(file.path): run with sudo"]
      return
    }
    switch configuration.lease.backend {
    case .local:
      // What the service may do there is judged with the other files.
      guard geteuid() == 0 else {
        notChecked = ["the lease store: only root and the service may use it: run with sudo"]
        return
      }
      trials = [LocalLeaseStore.trial(directory: configuration.lease.localDirectory)]
    case .etcd:
      trials = await EtcdLeaseStore.trials(
        configuration.lease.etcd.options, within: Self.patience)
    case .kubernetes: trials = [await Self.trial(configuration)]
    }
    problems = trials.compactMap { trial in
      if case .failure(let failure) = trial.outcome { "the lease store: \(failure)" } else { nil }
    }
    await review(configuration)
  }

  /// The names of the nodes that have a session.
  package var nodes: Set<String> { Set(trials.flatMap(\.nodes)) }

  /// The Leases, read once.
  private static func trial(_ configuration: Configuration) async -> StoreTrial {
    let start = Instant.now
    let namespace = configuration.lease.kubernetes.namespace
    let client: APIClient
    do throws(StartFailure) {
      guard let parts = try KubernetesParts(configuration) else {
        throw StartFailure("lease.backend: kubernetes needs `kubernetes`")
      }
      client = parts.client
    } catch {
      return StoreTrial(
        place: "Leases in namespace \(namespace)",
        outcome: .failure(StoreFailure(.misconfigured, error.description)), took: .zero)
    }
    let place = client.access.server.text
    do throws(StoreFailure) {
      let store = KubernetesLeaseStore(client, KubernetesLeaseOptions(namespace: namespace))
      let survey = try await store.survey(within: patience)
      let took = Instant.now - start
      let version = try? await client.serverVersion(until: start + patience)
      return StoreTrial(
        place: place,
        outcome: .success(
          "Kubernetes \(version ?? "that keeps its version to itself"), the Leases in namespace "
            + "\(namespace) can be read"),
        took: took, nodes: survey.sessions.map(\.node))
    } catch {
      return StoreTrial(place: place, outcome: .failure(error), took: .now - start)
    }
  }

  /// Asks the API server, where there is one, whether it would let us do what we are to do.
  private mutating func review(_ configuration: Configuration) async {
    // A problem above says already why no client could be made, or why the server does not answer. One that has
    // refused something may refuse more.
    let isAway =
      configuration.lease.backend == .kubernetes
      && trials.contains { trial in
        if case .failure(let failure) = trial.outcome { failure.kind != .refused } else { false }
      }
    guard !isAway, let client = try? KubernetesParts(configuration)?.client else { return }
    let rights = APIRight.needed(
      leases: configuration.lease.backend == .kubernetes
        ? configuration.lease.kubernetes.namespace : nil,
      announcesServices: configuration.kubernetes?.announcesServices ?? false,
      givesAddresses: configuration.kubernetes?.givesAddresses ?? false)
    let review = await client.review(rights, until: .now + Self.patience)
    for right in review.missing {
      let text =
        "kubernetes: this user may not \(right.words): kubectl apply -f rbac.yaml grants it"
      if right.isNeeded { problems.append(text) } else { warnings.append(text) }
    }
    if let failure = review.failure {
      notChecked.append(
        "whether the API server lets us do all that is needed: \(failure)")
    }
  }
}
