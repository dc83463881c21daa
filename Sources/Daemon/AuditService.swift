internal import Announcer
internal import HostAudit
internal import LinuxSystem
internal import Netlink
internal import ServiceLifecycle
internal import Wire

/// What the audit looks at: the links, and what would be announced on which.
struct AuditRequest: Sendable {
  var links: [Link]
  var service: Serviceability
  /// What may be given to Services and announced one day.
  var pools: [AnnouncedPool] = []
}

/// Looks at the node's own kernel for what spoils announcing, after every change of links or
/// wishes, on a thread of its own: reading `/proc` may take its time.
struct AuditService: Service {
  let requests: AsyncStream<AuditRequest>
  let post: @Sendable ([String]) -> Void

  func run() async {
    for await request in requests.cancelOnGracefulShutdown() {
      let warnings = await withThread(named: "audit") { Self.warnings(request) }
      post(warnings)
    }
  }

  static func warnings(_ request: AuditRequest) -> [String] {
    let announced = request.service.assignments.addresses.keys.sorted().map { address in
      AnnouncedAddress(
        address: address, links: Set((request.service[address]?.links ?? []).map(\.index)))
    }
    let proxies = (try? neighborProxies()) ?? []
    let announcing = Set(request.service.verdicts.filter { $0.state == .active }.map(\.link))
    let entries = request.service.entries
    let warnings =
      AnnouncedEntry.warnings(entries, on: request.links, taken: request.service.taken)
      + HostAudit().warnings(links: request.links, announced: announced, proxies: proxies)
      + AnnouncedPool.warnings(
        request.pools, on: request.links.filter { announcing.contains($0.id) })
    return warnings.map(\.description)
  }
}

extension Serviceability {
  /// What is asked for, with the links that serve it.
  var entries: [AnnouncedEntry] {
    assignments.requests.map { request in
      let links = request.ranges.compactMap { ofRequests(for: $0.lower) }.flatMap(\.links)
      return AnnouncedEntry(
        origin: request.origin, ranges: request.ranges, links: Set(links.map(\.index)))
    }
  }
}
