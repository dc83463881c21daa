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

  /// The configuration in force, and how the last reload went.
  var loaded: LoadedConfiguration
  var links: [Link]?
  /// The routers of the default routes; nil until they were looked for.
  var gateways: Set<Gateway>?
  /// Stations that were found to have what is wanted, and are no nodes that are known.
  var stations: [IPAddress: KnownAddresses.Station] = [:]
  /// Decides what is armed, announced, and given up, and in which order.
  var reconciler: Reconciler
  var warnings = WarningBoard()
  /// What the cluster's objects ask for.
  var clusterOutcome = ClusterOutcome()
  var isDrained = false

  var assignments: Assignments { didSet { addressesInOrder = nil } }
  /// Those of `assignments`, once somebody asked; nil before.
  var addressesInOrder: [IPAddress]?
  var memberships = GroupMemberships()
  var history = AddressHistory()
  var handOvers: HandOverDesk
  var selfChecking = SelfChecking()
  var wasWithoutLease = false
  var nameWatch = NameWatch()
  var readiness = Readiness()

  /// Beyond what a busy machine lets a loop wait: what a socket drops as stale (lease.md §2.5).
  private static let stallLimit = Duration.milliseconds(100)
  /// How long a store may take to take everything back at the end: an etcd that is just electing a leader does
  /// so in a second or two.
  private static let storePatience = Duration.seconds(3)

  init(_ parts: DaemonParts) {
    self.parts = parts
    startedAt = .now
    loaded = LoadedConfiguration(parts.configuration, loadedAt: startedAt)
    handOvers = HandOverDesk(version: parts.version)
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
      if mail.configuration != nil || !mail.commands.isEmpty { parts.noteWork() }
      // Commands come before the alarm is set: `drain` changes what is to be done, and when.
      let (next, isEnding) = execute(mail.commands)
      if isEnding {
        await shutDown()
        break
      }
      wakeAt = min(wakeAt, next)
      if wakeAt < alarmAt {
        alarmAt = wakeAt
        alarm.set(wakeAt)
      }
    }
    alarm.cancel()
    abandonQuestions()
  }

  /// The configuration in force.
  var configuration: Configuration { loaded.configuration }

  /// What people call the link.
  func name(of interfaceIndex: Int32) -> String {
    (links ?? []).name(of: interfaceIndex)
  }

  /// Answers questions and carries out commands.
  ///
  /// - Returns: when to look again, and whether the daemon shall end.
  private mutating func execute(_ commands: [Mailbox.Command]) -> (Instant, isEnding: Bool) {
    var isEnding = false
    var wakeAt = Instant.distantFuture
    for command in commands {
      switch command {
      case .ask(let question, let continuation):
        wakeAt = min(wakeAt, answer(question) { continuation.resume(returning: $0) })
      case .tell(let continuation):
        continuation.resume(returning: knowledge)
      case .reloaded(let continuation):
        if readiness.isComplete {
          continuation.resume(returning: knowledge)
        } else {
          readiness.add { continuation.resume(returning: $0) }
        }
      case .measure(let continuation):
        continuation.resume(returning: figures())
      case .judge(let continuation):
        continuation.resume(returning: snapshot.obstacles(unknowns: parts.cluster.unknowns))
      case .shutDown:
        isEnding = true
      }
    }
    return (min(wakeAt, handOvers.nextDue), isEnding)
  }

  /// The daemon ends: nobody waits for an answer that does not come.
  private mutating func abandonQuestions() {
    handOvers.abandon()
    for answer in readiness.takeWaiting() { answer(nil) }
    parts.mailbox.close()
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
