internal import AddressPools
internal import Announcer
internal import Cluster
internal import Configuration
internal import Kubernetes
internal import Lease
internal import LinuxSystem
internal import Logging
internal import RawSocket
internal import Wire

/// The lines that a person at 3 a.m. wants, one per event; nothing per packet.
struct EventLog: Sendable {
  let logger: Logger
  /// What was written lately about single addresses.
  let lines = AddressLines()

  /// Events about more addresses than this at a time become one line.
  static let limit = 16
  /// Of how many addresses a summary gives examples.
  private static let examples = 4

  func started(_ version: String, _ configuration: Configuration) {
    logger.info(
      "started",
      metadata: [
        "version": "\(version)", "node": "\(configuration.node)",
        "configuration": "\(configuration.file)", "lease": "\(configuration.lease.backend)",
      ])
  }

  func warn(_ text: String) { logger.warning("\(text)") }

  /// What the cluster's objects ask for has changed.
  func clusterChanged(wanted: Int, all: Int, before: Int) {
    let metadata: Logger.Metadata = ["addresses": "\(wanted)", "inAll": "\(all)"]
    guard all != before else {
      return logger.debug("\(AddressLine.wishes.rawValue)", metadata: metadata)
    }
    write(.wishes, about: "\(all) addresses in all", metadata)
  }

  /// What keeps the cluster's objects from being followed; nil: no longer.
  func cluster(_ trouble: String?) {
    guard let trouble else { return logger.info("the cluster is followed again") }
    logger.error(
      "the cluster cannot be followed: what it said last counts", metadata: ["error": "\(trouble)"])
  }

  /// Nothing is wrong: nobody has changed an object of the kind for minutes.
  func quiet(_ kind: ClusterObject.Kind) {
    logger.debug("a quiet watch was confirmed", metadata: ["kind": "\(kind.rawValue)"])
  }

  /// Nil: it was written.
  func eventFailed(_ failure: APIFailure?) {
    if let failure { logger.debug("an event was not written", metadata: ["error": "\(failure)"]) }
  }

  func policyStatusFailed(_ policy: String, _ failure: APIFailure) {
    logger.warning(
      "the status of a policy was not written",
      metadata: ["policy": "\(policy)", "error": "\(failure)"])
  }

  /// A term of the duty has begun.
  func givesAddresses() { logger.info("this node gives addresses from the pools") }

  func allocated(_ writing: ServiceWriting) {
    let change = writing.change
    var metadata: Logger.Metadata = ["service": "\(writing.service)"]
    if !change.gained.isEmpty { metadata["addresses"] = "\(change.gained.texts)" }
    if !change.lost.isEmpty {
      metadata["taken"] = "\(change.lost.texts)"
      metadata["why"] = "\(change.released.text)"
    }
    if let reason = change.reason, reason != .satisfied {
      metadata["reason"] = "\(reason.rawValue)"
      metadata["message"] = "\(change.message)"
    }
    guard !change.gained.isEmpty || !change.lost.isEmpty else {
      return logger.debug("\(AddressLine.decided.rawValue)", metadata: metadata)
    }
    write(.decided, about: "\(writing.service)", metadata)
  }

  func dropsConditions() {
    logger.info(
      "the API server keeps no conditions of Services: `announcer pools` says what they would")
  }

  func cannotAskFirst(_ error: SystemError) {
    logger.error("cannot listen for stations that have an address", metadata: ["error": "\(error)"])
  }

  func manifestsFailed(_ error: SystemError) {
    logger.error("cannot watch the manifests", metadata: ["error": "\(error)"])
  }

  /// Empty: all is well again.
  func selfCheck(_ failures: [String]) {
    guard !failures.isEmpty else { return logger.info("self-check passed again") }
    for failure in failures.prefix(Self.limit) {
      logger.error("self-check failed", metadata: ["failure": "\(failure)"])
    }
    guard failures.count > Self.limit else { return }
    logger.error("more self-checks failed", metadata: ["count": "\(failures.count - Self.limit)"])
  }

  // MARK: The wire

  func sending(_ news: Sending.News, _ way: Sending.Way, _ link: String, _ error: SystemError?) {
    let metadata: Logger.Metadata = [
      "interface": "\(link)", "family": way.isIPv6 ? "IPv6" : "IPv4",
      "error": "\(error?.description ?? "none")",
    ]
    switch news {
    case .failed: logger.warning("the kernel refused a frame, trying again", metadata: metadata)
    case .refused:
      logger.error(
        "the kernel sends none of our frames; the addresses are given up on this interface",
        metadata: metadata)
    case .works(let wasRefused):
      logger.log(
        level: wasRefused ? .notice : .info, "the kernel sends our frames again",
        metadata: metadata)
    }
  }

  func conflict(_ claim: Claim, _ link: String, _ decision: ConflictDefence.Decision) {
    logger.error(
      "conflict: another station asserts this address",
      metadata: [
        "address": "\(claim.address)", "interface": "\(link)",
        "hardwareAddress": "\(decision.record.hardwareAddress)",
        // Whether it leaves is the lease's and the gate's to say.
        "count": "\(decision.record.count)", "defence": "\(decision.defends ? "due" : "none")",
      ])
  }

  /// Those that had no line, of a minute.
  func conflicts(_ summary: ConflictNews.Summary, _ link: String) {
    let first = summary.addresses.prefix(Self.examples).map(\.description)
    logger.error(
      "more conflicts: other stations assert addresses of this node",
      metadata: [
        "frames": "\(summary.frames)", "addresses": "\(summary.addresses.count)",
        "first": "\(first.joined(separator: ","))", "interface": "\(link)",
        "hardwareAddress": "\(summary.latest.hardwareAddress)",
      ])
  }

  // MARK: Links

  func links(from before: [LinkVerdict], to after: [LinkVerdict]) {
    let old = Dictionary(uniqueKeysWithValues: before.map { ($0.link, $0) })
    let new = Dictionary(uniqueKeysWithValues: after.map { ($0.link, $0) })
    for verdict in before where verdict.state != .skipped && new[verdict.link] == nil {
      logger.warning("interface gone", metadata: ["interface": "\(verdict.name)"])
    }
    for verdict in after {
      let known = old[verdict.link]
      guard known?.state != verdict.state || known?.name != verdict.name else { continue }
      // A link that was never ours is of no interest, of which a node has many.
      guard verdict.state != .skipped || known.map({ $0.state != .skipped }) ?? false else {
        continue
      }
      var metadata: Logger.Metadata = ["interface": "\(verdict.name)"]
      if let reason = verdict.reason { metadata["reason"] = "\(reason)" }
      if let known, known.name != verdict.name { metadata["formerly"] = "\(known.name)" }
      logger.log(
        level: verdict.state == .active ? .info : .warning, "interface \(verdict.state.rawValue)",
        metadata: metadata)
    }
  }

  func joinFailed(
    _ membership: GroupMembership, _ link: String, _ error: SystemError, count: Int
  ) {
    logger.error(
      "cannot join solicited-node groups; their addresses are given up on this interface",
      metadata: [
        "groups": "\(count)", "first": "\(membership.group)", "interface": "\(link)",
        "error": "\(error)",
      ])
  }

  func programmingFailed(_ error: SystemError) {
    logger.error(
      "cannot program the sockets; every address is given up until it works",
      metadata: ["error": "\(error)"])
  }

  // MARK: Lease

  func session(_ state: SessionState) {
    switch state {
    case .opening: logger.info("session opening")
    case .open(let id): logger.info("session open", metadata: ["session": "\(id)"])
    case .closed: logger.info("session closed")
    case .waiting(let other):
      logger.warning(
        "waiting: this node's name belongs to another session", metadata: ["holder": "\(other)"])
    }
  }

  /// The words of `TakenName`, once the other session is certainly alive.
  func nameTaken(_ words: String) { logger.error("\(words)") }

  func storeFailed(_ error: StoreFailure) {
    logger.error("lease store failed", metadata: ["error": "\(error)"])
  }

  func raised(from asked: Duration, to granted: Duration) {
    logger.warning(
      "the lease store raised the lease: failover takes longer",
      metadata: ["asked": "\(asked)", "granted": "\(granted)"])
  }

  /// Nil: no longer.
  func withoutLease(_ addresses: Set<IPAddress>?) {
    guard let addresses else {
      return logger.info("nothing is held without a lease any more")
    }
    logger.critical(
      "the lease store is lost: holding on WITHOUT a lease; another part of the LAN may answer too",
      metadata: ["addresses": "\(addresses.count)"])
  }

  func clockJumped() {
    logger.warning("the time of day jumped: reading the lease store before going on")
  }

  func storeRecovered() { logger.info("lease store works again") }

  // MARK: Configuration

  func reloaded(_ file: String, _ changes: ConfigurationChanges) {
    logger.info(
      "reloaded",
      metadata: [
        "configuration": "\(file)", "added": "\(changes.added)", "removed": "\(changes.removed)",
      ])
  }

  func refused(_ lines: [String]) {
    for line in lines {
      logger.error(
        "configuration refused, the old one stays in force", metadata: ["error": "\(line)"])
    }
  }

  func ended(isReleased: Bool) {
    tellRests(at: .now, all: true)
    guard !isReleased else { return logger.info("ended") }
    logger.warning("ended; the lease store does not answer, and the leases end with their time")
  }

  /// A part of the daemon has ended by itself, and the daemon with it.
  func failed(_ error: any Error) {
    logger.critical("a part of the daemon failed, and it ends", metadata: ["error": "\(error)"])
  }
}
