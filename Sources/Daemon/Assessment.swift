package import Announcer
package import Configuration
internal import Lease
internal import LeaseLocal
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

  package let node: String
  package let verdicts: [LinkVerdict]
  package let announcements: [Announcement]
  package let addressCount: Int
  /// What keeps the daemon from doing what the file says.
  package let problems: [String]
  /// What may go wrong: PROTOCOL §5, and patterns that match more or less than they seem to.
  package let warnings: [String]

  /// Looks at this node's links, kernel settings and rights.
  package init(_ configuration: Configuration) async throws {
    let links = try await currentLinks()
    let manifests = ManifestAssessment(configuration)
    let assignments = Assignments(configuration.requests + manifests.requests)
    let service = Serviceability(
      assignments, node: configuration.node, isDrained: false,
      defaults: configuration.interfaces, links: links)
    node = configuration.node
    verdicts = service.verdicts
    addressCount = assignments.addresses.count
    let names = Dictionary(uniqueKeysWithValues: links.map { ($0.id, $0.name) })
    let kubernetes = await KubernetesAssessment(configuration)
    var problems = kubernetes.problems + manifests.problems
    announcements = assignments.requests.map { request in
      let served = request.ranges.map(\.lower).map { service[$0] }
      let reasons = served.compactMap { $0?.reason }
      for reason in reasons {
        // Being meant for other nodes is no fault of this one.
        if reason.isIntended { continue }
        let text = "\(request.origin): \(reason)"
        if !problems.contains(text) { problems.append(text) }
      }
      let serving = Set(served.flatMap { $0?.links ?? [] }.compactMap { names[$0] })
      return Announcement(
        origin: request.origin, ranges: request.ranges.map(\.description),
        interfaces: serving.sorted(),
        blocked: Array(Set(reasons.map(\.description))).sorted())
    }
    do throws(StartFailure) {
      _ = try StartFailure.about(.packetSockets) { () throws(SystemError) in try Responder() }
    } catch {
      problems.append(error.description)
    }
    do throws(StoreFailure) {
      if configuration.lease.backend == .local {
        _ = try LocalLeaseStore(directory: configuration.lease.localDirectory)
      }
    } catch {
      problems.append(error.description)
    }
    self.problems = problems
    warnings =
      service.notes.map(\.description) + kubernetes.warnings + manifests.warnings
      + AuditService.warnings(AuditRequest(links: links, service: service))
  }
}
