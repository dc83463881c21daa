internal import Announcer
internal import Cluster
internal import Configuration
internal import Control
internal import Kubernetes
internal import LinuxSystem
internal import Logging
internal import RawSocket
internal import Reconciler
internal import Wire

/// What the mailbox brings.
extension Coordinator {
  /// Takes over what is new; decides nothing.
  mutating func accept(_ mail: Mailbox.Mail) {
    var isChanged = false
    if let result = mail.configuration {
      isChanged = accept(result)
    }
    if let links = mail.links {
      self.links = links
      reconciler.update(links)
      parts.responder.keepCounts(ofLinks: Set(links.map(\.id.index)))
      isChanged = true
    }
    if let gateways = mail.gateways {
      self.gateways = gateways
      isChanged = true
    }
    if let outcome = mail.cluster {
      accept(outcome)
      isChanged = true
    }
    if isChanged { reconsider() }
    if let view = mail.lease { accept(view) }
    for warning in warnings.apply(mail.warnings) { parts.log.warn(warning) }
    if let round = mail.selfCheckRound { hear(round) }
    if mail.isDutyIdle { reconciler.lookAgain() }
    if mail.hasConflicts { hearConflicts() }
  }

  private mutating func accept(_ result: Result<Configuration, ConfigurationFailure>) -> Bool {
    readiness.beginReload()
    reconciler.lookAgain()
    switch loaded.take(result, at: .now) {
    case .refused(let reasons):
      parts.log.refused(reasons)
      return false
    case .changed(let changes):
      parts.output.level = configuration.log.loggerLevel
      parts.output.format = configuration.log.outputFormat
      reconciler.schedule = configuration.announcementSchedule
      parts.cluster.settle(configuration)
      parts.pools.settle(configuration)
      parts.manifestPaths(configuration.manifests)
      parts.listen(configuration.metrics)
      parts.kubernetes?.client.refresh()
      reassign()
      parts.log.reloaded(configuration.file, changes)
      return true
    }
  }

  /// Decides anew what this node can serve: after a change of links, wishes or of its own state.
  mutating func reconsider() {
    guard let links, let gateways else { return }
    selfChecking.askers = nil
    stations = stationsHeard()
    let new = Serviceability(
      assignments, node: configuration.node, isDrained: isDrained,
      defaults: configuration.interfaces, links: reconciler.mark(links),
      known: KnownAddresses(
        configuration, server: parts.kubernetes?.client.access.server, gateways: gateways,
        nodes: clusterOutcome.nodes, stations: stations))
    let before = reconciler.serviceability
    parts.log.links(from: before?.verdicts ?? [], to: new.verdicts)
    reconciler.update(new, asksFirst: configuration.asksFirst, at: .now)
    reportBlocked(since: before)
    noteClaims()
    parts.audit(AuditRequest(links: links, service: new, pools: announcedPools))
  }
}
