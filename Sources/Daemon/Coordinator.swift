internal import Announcer
internal import Cluster
internal import Configuration
internal import Control
internal import Lease
internal import LinuxSystem
internal import Logging
internal import Metrics
internal import RawSocket
internal import Reconciler
internal import Time
internal import Wire

/// Brings together what is wanted, what the links can carry and what the lease grants, and keeps
/// the responder and the election in step with it.
///
/// One consumer of one mailbox: no lock, no actor, and no order of events that matters. In which order the wire and the
/// election follow is decided by the `Reconciler`, whose steps are performed here.
struct Coordinator: ~Copyable {
  let parts: DaemonParts
  let startedAt: WallTime

  var configuration: Configuration
  var loadedAt: WallTime
  var configurationError: String?
  /// The file on disk was refused only because it cannot be taken over while the daemon runs.
  var needsRestart = false
  var links: [Link]?
  /// The routers of the default routes; nil until they were looked for.
  var gateways: Set<Gateway>?
  /// The addresses of the cluster's nodes.
  var nodeAddresses = NodeAddresses()
  /// Those that were found to have what is wanted.
  var stations: [IPAddress: KnownAddresses.Station] = [:]
  /// Decides what is armed, announced, and given up, and in which order.
  var reconciler: Reconciler
  var warnings = WarningBoard()
  /// What the cluster's objects ask for.
  var wishes = Wishes()
  var clusterNotes: [String] = []
  /// Those of `clusterNotes` that may have kept something from being wanted.
  var clusterFaults: [String] = []
  var isDrained = false

  var assignments: Assignments { didSet { addressesInOrder = nil } }
  /// Those of `assignments`, once somebody asked; nil before.
  var addressesInOrder: [IPAddress]?
  var memberships = GroupMemberships()
  var armedSince: [IPAddress: WallTime] = [:]
  var pendingHandOvers: [PendingHandOver] = []
  /// How often others asserted each address that was armed here; for as long as it is wanted.
  var conflictCounts: [IPAddress: UInt64] = [:]
  /// Since when addresses that others held, and that we could serve, are free.
  var freeSince: [IPAddress: Instant] = [:]
  var takeoverTimes = Histogram.times
  var selfChecking = SelfChecking()
  var wasWithoutLease = false
  /// While another session has this node's name.
  var takenName: TakenName?
  /// Whether the log and the service manager were told that it is alive.
  var toldOfTakenName = false
  var isReady = false
  var lastStatusLine = ""
  /// Callers that wait until a reload is complete.
  var reloads: [CheckedContinuation<NodeKnowledge?, Never>] = []
  /// When a conflict that is in it is over.
  var conflictLineAt = Instant.distantFuture
  /// When to give back the memory that the last reload or status left free.
  var trimAt = Instant.distantFuture
  var hasTrimmed = false

  /// Beyond what a busy machine lets a loop wait: what a socket drops as stale (lease.md §2.5).
  private static let stallLimit = Duration.milliseconds(100)
  /// How long a store may take to take everything back at the end: an etcd that is just electing a leader does
  /// so in a second or two.
  private static let storePatience = Duration.seconds(3)
  /// Long enough for an answer to have been encoded and sent.
  static let trimDelay = Duration.seconds(1)

  init(_ parts: DaemonParts) {
    self.parts = parts
    startedAt = .now
    configuration = parts.configuration
    loadedAt = .now
    assignments = Assignments(parts.configuration.requests)
    reconciler = Reconciler(schedule: parts.configuration.announcementSchedule)
    parts.manifestPaths(parts.configuration.manifests)
    parts.listen(parts.configuration.metrics)
  }

  /// Works until it is told to shut down. Ends with silence on the wire and nothing held.
  mutating func run() async {
    // A local, because the closure may not hold on to `self`.
    let mailbox = parts.mailbox
    let alarm = Alarm { mailbox.wake() }
    var alarmAt = Instant.distantFuture
    for await _ in mailbox.signals {
      let began = Instant.now
      if alarmAt <= began {
        if began - alarmAt > Self.stallLimit { reconciler.noteStall(at: began) }
        alarmAt = .distantFuture
      }
      let mail = mailbox.take()
      accept(mail)
      var wakeAt = settle(at: .now)
      if mail.configuration != nil || !mail.commands.isEmpty { trimAt = .now + Self.trimDelay }
      if trimAt <= .now {
        returnFreeMemory()
        if !hasTrimmed { unmapUnusedCode() }
        hasTrimmed = true
        trimAt = .distantFuture
      }
      // Commands come before the alarm is set: `drain` changes what is to be done, and when.
      guard let next = await execute(mail.commands) else { break }
      wakeAt = min(wakeAt, next, trimAt)
      if wakeAt < alarmAt {
        alarmAt = wakeAt
        alarm.set(wakeAt)
      }
    }
    alarm.cancel()
    abandonHandOvers()
    for reload in reloads { reload.resume(returning: nil) }
    mailbox.close()
  }

  /// What people call the link.
  func name(of interfaceIndex: Int32) -> String {
    links?.first { $0.id.index == interfaceIndex }?.name ?? "interface \(interfaceIndex)"
  }

  /// Answers questions and carries out commands.
  ///
  /// - Returns: when to look again; nil where the daemon shall end, and has done what has to be done before.
  private mutating func execute(_ commands: [Mailbox.Command]) async -> Instant? {
    var isEnding = false
    var wakeAt = Instant.distantFuture
    for command in commands {
      switch command {
      case .ask(let request, let continuation) where request.command == .handover:
        beginHandOver(request, continuation)
      case .ask(let request, let continuation):
        let (response, next) = answer(request)
        continuation.resume(returning: response)
        wakeAt = min(wakeAt, next)
      case .tell(let continuation):
        continuation.resume(returning: knowledge)
      case .reloaded(let continuation):
        if !lastStatusLine.isEmpty {
          continuation.resume(returning: knowledge)
        } else {
          reloads.append(continuation)
        }
      case .measure(let continuation):
        continuation.resume(returning: figures())
      case .judge(let continuation):
        continuation.resume(returning: obstacles)
      case .shutDown:
        isEnding = true
      }
    }
    guard isEnding else { return min(wakeAt, nextHandOver) }
    await shutDown()
    return nil
  }

  /// Performs the reconciler's last steps: silence, then release, then everything else.
  private mutating func shutDown() async {
    let addresses = Set(reconciler.armed.keys.map(\.address))
    parts.notifier.stopping(status: "handing over \(addresses.count) addresses")
    reconciler.shutDown()
    var step = reconciler.next(at: .now)
    while step != .end {
      perform(step)
      step = reconciler.next(at: .now)
    }
    parts.log.silenced(addresses)
    await parts.duty.shutForGood()
    let isReleased = await Self.end(parts.lease.driver)
    parts.log.ended(isReleased: isReleased)
  }

  /// Releases everything, unless the store hangs: what it holds of us then ends with its time to live, as after
  /// a crash, and the service manager does not have to kill us.
  ///
  /// - Returns: whether the session was ended, as far as it could be.
  private static func end(_ lease: LeaseDriver) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        await lease.shutDown()
        return true
      }
      group.addTask {
        try? await BootTimer.sleep(for: storePatience)
        return false
      }
      defer { group.cancelAll() }
      return await group.next() ?? true
    }
  }
}
