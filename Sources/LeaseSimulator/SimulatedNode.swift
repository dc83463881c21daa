internal import Announcer
internal import Lease
internal import Reconciler
internal import Time
internal import Wire

/// One machine with one daemon at a time.
final class SimulatedNode {
  /// Why nothing of the process runs.
  enum Hold {
    /// SIGSTOP: clocks go on, requests and answers wait in sockets.
    case frozen
    /// The machine sleeps: CLOCK_MONOTONIC stands still, nothing arrives.
    case suspended
    /// The virtual machine is stopped: none of its clocks moves.
    case paused
  }

  /// A request that has come in.
  struct Question {
    let address: Int
    var at: Moment
    /// The kernel's, by the time of day.
    let timestamp: Int64
  }

  /// Another station that asserts an address.
  struct Heard {
    let claim: Claim
    let hardwareAddress: MACAddress
    let at: Instant
  }

  let index: Int
  let name: String
  let hardwareAddress: MACAddress
  /// The machine's CLOCK_BOOTTIME.
  var boot: SimulatedClock
  /// What its program reads as the boot clock: the same, unless a weakness wants it otherwise.
  var clock: SimulatedClock
  /// From CLOCK_BOOTTIME to the time of day.
  var wallOffset: Int64 = 0

  /// Counts the processes that have run here.
  var process = 0
  var isRunning = false
  /// The service manager does not start it again.
  var isDown = false
  var hold: Hold?
  var heldSince = Moment(nanoseconds: 0)
  var heldUntil = Moment(nanoseconds: 0)
  /// The loops of the lease driver and of the coordinator do not run, all other threads do.
  var driverStallsUntil = Moment(nanoseconds: 0)
  var coordinatorStallsUntil = Moment(nanoseconds: 0)

  /// Until when its process was held for longer than a beat of its loop carries.
  var longHoldEndedAt = Moment(nanoseconds: 0)
  /// Until when its last confirmed renewal lets it send.
  var leaseDeadline = Instant.distantPast
  /// When that renewal was sent.
  var confirmedAt = Moment(nanoseconds: 0)

  // The lease driver.
  private let make: () -> Election
  var election: Election
  var published: LeaseView?
  var tick: Instant?
  /// What came while the loop did not run.
  var backlog: [Input] = []

  // The coordinator.
  /// What decides in its place: the daemon's own.
  var reconciler: Reconciler
  private let schedule: AnnouncementSchedule
  /// The newest view that it has not seen yet.
  var mail: LeaseView?
  /// What the machine can serve has changed since it looked.
  var isServiceNews = true
  /// Assertions of its addresses that it has not looked at yet.
  var heard: [Heard] = []
  var isCoordinating = false
  /// It has taken its mail, and has not acted on it yet.
  var isComputing = false
  /// Something came while it computed.
  var isWokenAgain = false
  /// When it wants to be woken.
  var alarm: Instant?
  /// Since when each address has been armed without a break.
  var armedSince: [IPAddress: Moment] = [:]
  var isShuttingDown = false
  /// What the machine could serve now, by number of the address.
  var isEligible: [Bool]
  var isDrained = false

  // The answering thread.
  var responder: SimulatedResponder
  /// Requests that wait in the socket.
  var socket: [Question] = []

  // The way to the store.
  var path: NetworkPath
  var isWatching = false
  /// Nothing of the watch arrives; it has to say so once it listens again.
  var isDeaf = true
  /// What came before this revision it was not told.
  var listensFrom: UInt64 = 0
  var lastNewsAt = Moment(nanoseconds: 0)

  init(
    index: Int, name: String, rate: Int64, reading: Int64, isEligible: [Bool], path: NetworkPath,
    timing: LeaseTiming, limits: LeaseLimits, policy: ElectionPolicy,
    schedule: AnnouncementSchedule
  ) {
    self.index = index
    self.name = name
    self.path = path
    self.isEligible = isEligible
    hardwareAddress = MACAddress(rawValue: 0x0200_0000_0001 + UInt64(index))
    boot = SimulatedClock(rate: rate, reading: reading, at: Moment(nanoseconds: 0))
    clock = boot
    make = { Election(node: name, timing: timing, limits: limits, policy: policy) }
    election = make()
    self.schedule = schedule
    reconciler = Reconciler(schedule: schedule)
    responder = SimulatedResponder(
      hardwareAddress: hardwareAddress, at: Moment(nanoseconds: 0))
  }

  var owner: ModelStore.Owner { ModelStore.Owner(node: index, process: process) }

  /// Whether any thread of its process runs.
  var isAwake: Bool { isRunning && hold == nil }

  /// The epoch in which an address is armed; nil where it is not.
  func epoch(of address: IPAddress) -> Epoch? {
    reconciler.wire.claims[SimulatedResponder.claim(of: address)].map { Epoch($0.epoch) }
  }

  /// The time of day on the machine.
  func wall(at now: Moment) -> Int64 { boot.reading(at: now).nanoseconds + wallOffset }

  /// A process begins with nothing.
  func start(at now: Moment) {
    process += 1
    isRunning = true
    isShuttingDown = false
    election = make()
    published = nil
    tick = nil
    backlog = []
    mail = nil
    isServiceNews = true
    heard = []
    isCoordinating = false
    isComputing = false
    isWokenAgain = false
    alarm = nil
    reconciler = Reconciler(schedule: schedule)
    armedSince = [:]
    leaseDeadline = .distantPast
    responder = SimulatedResponder(hardwareAddress: hardwareAddress, at: now)
    socket = []
    isWatching = false
    isDeaf = true
    driverStallsUntil = now
    coordinatorStallsUntil = now
  }

  /// The process is gone, with all that it had.
  func stop(at now: Moment) {
    isRunning = false
    responder.silence(at: now)
    reconciler = Reconciler(schedule: schedule)
    backlog = []
    socket = []
    isWatching = false
  }
}
