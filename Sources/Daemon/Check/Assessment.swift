package import Announcer
internal import Cluster
package import Configuration
internal import Glibc
internal import HostAudit
internal import Kubernetes
internal import LinuxSystem
internal import Netlink
internal import RawSocket
internal import Wire

/// What a configuration would mean on this node, without doing any of it: `announcer check`.
package struct Assessment: Sendable {
  package struct Announcement: Sendable {
    package var origin: String
    package var ranges: [String]
    /// Names of the links that would serve it now, either family.
    package var interfaces: [String]
    /// Why this node would not announce some or all of it.
    package var blocked: [String]
  }

  package struct Unannounced: Sendable {
    /// `default/web`.
    package var service: String
    /// The file and line.
    package var place: String?
    package var reasons: [String]
  }

  package let node: String
  package let verdicts: [LinkVerdict]
  package let announcements: [Announcement]
  /// Services in files that want to be announced and are not.
  package let unannounced: [Unannounced]
  package let addressCount: Int
  /// What keeps the daemon from doing what the file says.
  package let problems: [String]
  /// What may go wrong: wire.md §5, and patterns that match more or less than they seem to.
  package let warnings: [String]
  /// What the user who asks may not look at: no fault of the configuration.
  package let notChecked: [String]

  /// Looks at this node's links, kernel settings and rights.
  package init(_ configuration: Configuration) async throws {
    let links = try await currentLinks()
    let files = FileAssessment(configuration)
    let manifests = ManifestAssessment(
      configuration, paths: files.closed["manifests"] == nil ? configuration.manifests : [])
    let kubernetes =
      files.closed["kubernetes"] == nil
      ? await KubernetesAssessment(configuration) : KubernetesAssessment()
    let assignments = Assignments(configuration.requests + manifests.requests)
    let service = Serviceability(
      assignments, node: configuration.node, isDrained: false,
      defaults: configuration.interfaces, links: links,
      known: KnownAddresses(
        configuration, server: kubernetes.server, gateways: (try? defaultGateways()) ?? [],
        nodes: kubernetes.nodes.adding(manifests.nodes)))
    node = configuration.node
    verdicts = service.verdicts
    addressCount = assignments.addresses.count
    let names = Dictionary(uniqueKeysWithValues: links.map { ($0.id, $0.name) })
    var problems = files.problems + kubernetes.problems + manifests.problems
    var notChecked = files.notChecked
    let stated = configuration.requests.count
    announcements = assignments.requests.enumerated().map { position, request in
      let policies = position < stated ? "" : manifests.policies[position - stated]
      /// Where interfaces are missing, whose patterns they are.
      func text(_ reason: BlockReason, else origin: String?) -> String {
        switch reason {
        case .noInterface where !policies.isEmpty, .interfacesDown where !policies.isEmpty:
          "\(policies): \(reason)"
        default: origin.map { "\($0): \(reason)" } ?? reason.description
        }
      }
      for reason in request.ranges.compactMap({ service.ofRequests(for: $0.lower)?.reason }) {
        // Being meant for other nodes is no fault of this one.
        if reason.isIntended { continue }
        let problem = text(reason, else: request.origin)
        if !problems.contains(problem) { problems.append(problem) }
      }
      let taken = service.taken.filter { address, _ in
        request.ranges.contains { $0.contains(address) }
      }.sorted { $0.key < $1.key }
      let entry = service.entries[position]
      for (address, role) in taken where !entry.isWholeSubnet(around: address, on: links) {
        problems.append("\(request.origin): \(address): \(BlockReason.taken(role))")
      }
      // What it comes to by itself: an address that two entries name may be served because of the other.
      let alone = Serviceability(
        Assignments([request.sample]), node: configuration.node, isDrained: false, links: links)
      let served = request.sample.ranges.compactMap { alone.ofRequests(for: $0.lower) }
      let serving = Set(served.flatMap(\.links).compactMap { names[$0] })
      return Announcement(
        origin: request.origin, ranges: request.ranges.map(\.description),
        interfaces: serving.sorted(),
        blocked: Set(served.compactMap(\.reason).map { text($0, else: nil) }).sorted()
          + taken.map { "\($0.key): \(BlockReason.taken($0.value))" })
    }
    unannounced = manifests.unannounced.map { entry in
      Unannounced(
        service: entry.service.name.description, place: entry.place,
        reasons: entry.reasons.map(\.description))
    }
    problems += manifests.unannounced.filter { $0.reasons.contains(where: \.isFault) }
      .map { "service \($0.title): \($0.words)" }
    do throws(SystemError) {
      _ = try Responder()
    } catch {
      if error.code == EPERM || error.code == EACCES {
        notChecked.append(
          "packet sockets: this user has no CAP_NET_RAW, which the service is given: run with sudo")
      } else {
        problems.append(StartFailure.text(.packetSockets, error))
      }
    }
    self.notChecked = notChecked
    self.problems = problems
    warnings =
      [
        configuration.warning(of: kubernetes.server, among: assignments),
        configuration.metrics?.warning(among: links),
      ].compactMap(\.self)
      + service.notes.map {
        $0.text(
          in: configuration, policies: $0.pattern.map(manifests.policies(withPattern:)) ?? [])
      } + kubernetes.warnings + manifests.warnings
      + AuditService.warnings(
        AuditRequest(links: links, service: service, pools: kubernetes.pools + manifests.pools))
  }
}
