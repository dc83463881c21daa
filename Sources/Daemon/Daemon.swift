internal import Cluster
package import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import Logging
internal import Netlink
internal import RawSocket
internal import ServiceLifecycle
internal import Time
internal import UnixSignals

/// The composition root: makes every part, and runs them in the order of their dependencies.
package struct Daemon {
  private let parts: DaemonParts
  private let monitor: LinkMonitor
  private let gateways: GatewayMonitor
  private let clock: ClockJumps
  private let server: ControlServer
  private let reloader: Reloader
  private let selfCheckEnd: StopSignal
  private let audits = Channel<AuditRequest>(newest: 1)
  private let manifestPaths = Channel<[String]>(newest: 1)
  private let metrics = Channel<MetricsSettings?>(newest: 1)
  private let questions = Channel<[WitnessQuestion]>()
  /// More than that is not written either (`EventQueue`).
  private let serviceEvents = Channel<[ServiceEvent]>(newest: EventQueue.capacity)
  private let memory = MemoryService()

  /// Opens everything that can fail at the start: packet sockets, netlink, the lease store, the
  /// control socket. Nothing is announced yet.
  ///
  /// - Throws: `StartFailure`, one line that says what is missing and what would be right.
  package init(
    _ configuration: Configuration, version: String, environment: [String: String]
  ) throws(StartFailure) {
    setUpAllocator()
    let output = try StartFailure.about(.log) { () throws(SystemError) in
      try LogOutput(
        standardErrorIn: environment, format: configuration.log.outputFormat,
        level: configuration.log.loggerLevel)
    }
    let logger = Logger(label: "announcer") { _ in DaemonLogHandler(output: output) }
    let mailbox = Mailbox()
    let responder = try StartFailure.about(.packetSockets) { () throws(SystemError) in
      try Responder()
    }
    let scout = try StartFailure.about(.packetSockets) { () throws(SystemError) in try Scout() }
    monitor = try StartFailure.about(.netlink) { () throws(SystemError) in try LinkMonitor() }
    gateways = try StartFailure.about(.netlink) { () throws(SystemError) in
      try GatewayMonitor()
    }
    clock = try StartFailure.about(.clock) { () throws(SystemError) in try ClockJumps() }
    selfCheckEnd = try StartFailure.about(.selfCheck) { () throws(SystemError) in
      try StopSignal()
    }
    let kubernetes = try KubernetesParts(configuration)
    let lease = try LeaseParts(
      configuration, kubernetes, gate: ResponderGate(responder: responder), version: version)
    let pools = PoolModel(configuration)
    let duty = DutyGate { mailbox.post { $0.isDutyIdle = true } }
    let look = FileLook(configuration.file)
    let notifier = ServiceNotifier(environment: environment)
    let reloader = Reloader(
      file: configuration.file, look: look, notifier: notifier, mailbox: mailbox, version: version)
    self.reloader = reloader
    let router = CommandRouter(
      mailbox: mailbox,
      surveyor: ClusterSurveyor(mailbox: mailbox, lease: lease.driver, version: version),
      pools: PoolsReporter(mailbox: mailbox, model: pools, gate: duty, version: version),
      file: ConfigurationReporter(mailbox: mailbox, look: look, version: version),
      reloader: reloader, version: version)
    do throws(ControlFailure) {
      server = try ControlServer(path: configuration.control.socket, version: version) {
        await router.answer($0)
      }
    } catch {
      throw StartFailure(error.description)
    }
    let (audits, manifestPaths, metrics) = (audits, manifestPaths, metrics)
    let (questions, serviceEvents, memory) = (questions, serviceEvents, memory)
    parts = DaemonParts(
      configuration: configuration, version: version, mailbox: mailbox, responder: responder,
      scout: scout,
      lease: lease, notifier: notifier, log: EventLog(logger: logger),
      output: output, audit: { audits.send($0) }, cluster: ClusterModel(configuration),
      manifestPaths: { manifestPaths.send($0) }, listen: { metrics.send($0) },
      askFromOutside: { questions.send($0) },
      kubernetes: kubernetes, pools: pools, duty: duty,
      tellServices: { if kubernetes?.watch != nil { serviceEvents.send($0) } },
      noteWork: { memory.noteWork() })
  }

  /// Runs until SIGTERM or SIGINT. Returns once every address has been handed over.
  package func run() async throws {
    let parts = parts
    let mailbox = parts.mailbox
    let monitor = monitor
    let gateways = gateways
    let reloader = reloader
    defer { parts.output.flush() }
    parts.log.started(parts.version, parts.configuration)
    let (end, decided) = AsyncStream<Never>.makeStream()
    // Shutdown goes backwards: the coordinator first, which silences the wire and releases.
    var services: [any ServiceLifecycle.Service] = [
      ResponderService(responder: parts.responder),
      ScoutService(scout: parts.scout),
      LeaseService(driver: parts.lease.driver),
      TaskService { try await monitor.run() },
      TaskService { try await gateways.run() },
      TaskService { await server.run() },
      ClockService(jumps: clock) {
        // A store without TTL cannot have given anything away.
        guard parts.configuration.lease.backend != .local else { return }
        parts.log.clockJumped()
        parts.lease.driver.confirmOwnership()
      },
      ForwardService(from: monitor.links) { links in mailbox.post { $0.links = links } },
      ForwardService(from: gateways.gateways) { found in mailbox.post { $0.gateways = found } },
      ForwardService(from: parts.lease.driver.views) { view in mailbox.post { $0.add(view) } },
      ForwardService(from: parts.responder.conflicts.signals) { _ in
        mailbox.post { $0.hasConflicts = true }
      },
      ManifestService(
        model: parts.cluster, paths: manifestPaths.stream, failed: { parts.log.manifestsFailed($0) }
      ),
      ClusterService(
        model: parts.cluster, post: { outcome in mailbox.post { $0.cluster = outcome } },
        warn: { warnings in mailbox.post { $0.warnings[.cluster] = warnings } },
        tell: parts.tellServices),
      AuditService(requests: audits.stream) { warnings in
        mailbox.post { $0.warnings[.audit] = warnings }
      },
      ReloadService(reloader: reloader),
      MetricsService(
        settings: metrics.stream, measure: { await mailbox.measure() },
        pools: { parts.pools.facts().series(isGiving: parts.duty.term != nil) },
        judge: { await mailbox.judge() },
        warn: { warnings in mailbox.post { $0.warnings[.metrics] = warnings } }),
      SelfCheckService(questions: questions.stream, responder: parts.responder, end: selfCheckEnd) {
        round in
        mailbox.post { $0.selfCheckRound = round }
      },
      memory,
      WatchdogService(notifier: parts.notifier, responder: parts.responder),
      CoordinatorService(parts: parts) { decided.finish() },
    ]
    if let kubernetes = parts.kubernetes {
      let service = KubernetesService(
        parts: kubernetes, model: parts.cluster, pools: parts.pools, node: parts.configuration.node,
        events: serviceEvents.stream, log: parts.log,
        warn: { warnings in mailbox.post { $0.warnings[.reports] = warnings } })
      let writer = PoolWriter(
        kubernetes, parts.pools, parts.duty, log: parts.log, tell: parts.tellServices)
      let pools = PoolService(
        parts: kubernetes, model: parts.pools, gate: parts.duty, writer: writer,
        warn: { warnings in mailbox.post { $0.warnings[.pools] = warnings } }, log: parts.log)
      services.insert(service, at: 0)
      services.insert(pools, at: 1)
    }
    let group = ServiceGroup(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint],
      logger: Logger(label: "announcer.services") { _ in SwiftLogNoOpLogHandler() })
    do {
      try await Self.run(atMost: Self.patience, after: end) { try await group.run() }
    } catch {
      // Not by the caller, who would wait for a reader of standard error.
      parts.log.failed(error)
      throw EndedByFailure()
    }
  }
}

/// The daemon ended because a part of it failed, which the log says.
package struct EndedByFailure: Error {}
