internal import Lease
internal import SeededRandom
internal import Time
internal import Wire

/// One schedule: real elections and claim tables on simulated machines, against a modelled store, with
/// everything going wrong that a seed can think of.
///
/// What is real: `Election` and `Reconciler`, driven by their contracts, and `ClaimTable`, asked for each frame. What
/// is modelled: the store, the network, clocks, and the shell around the three (`LeaseDriver`, the loop of
/// `Coordinator`, `Responder`).
///
/// A frame may not be sent where another has the address. Such a fault begins at one of few moments: the
/// owner changes in the store, a gate opens, a process comes back, the news of an operator's act is heard.
/// At each of these every node concerned is asked, so that no fault is missed for want of a request.
///
/// Not modelled, since nothing in the program can prevent it: a process that is stopped between the check
/// of the gate and the system call that sends (`ε` covers what a running one takes), and a paused virtual
/// machine that nobody tells of the pause. The notice of a pause comes before any frame here.
package final class Simulation {
  let plan: Plan
  let weaknesses: Set<Weakness>
  let trace: ((String) -> Void)?
  let questions: Questions
  var random: SplitMix64
  var queue = EventQueue<Event>()
  var now = Moment(nanoseconds: 0)
  var store: ModelStore
  var nodes: [SimulatedNode] = []
  var statistics = Statistics()
  var violation: Violation?
  var isCalm = false

  // The store's own state.
  var isElecting = false
  var electionRefuses = false
  var storeAway: (refuses: Bool, isDown: Bool)?
  var activeFaults: [Bool]
  /// Requests that wait for the store to have a leader again.
  var waiting: [Request] = []

  // What observers remember, by address.
  var lastEpochs: [Epoch]
  var lastAnswers: [Moment]
  /// Nodes that an operator went behind: by node and address, what they have to hear of first.
  var excuses: [[Excuse?]]
  var inspectedAt = Moment(nanoseconds: 0)

  private init(seed: UInt64, weaknesses: Set<Weakness>, trace: ((String) -> Void)?) {
    random = SplitMix64(seed: seed)
    plan = Plan(seed: seed, &random)
    self.weaknesses = weaknesses
    self.trace = trace
    questions = Questions(plan.addresses)
    store = ModelStore(
      addresses: plan.addresses, leastTimeToLive: plan.leastTimeToLive,
      clock: SimulatedClock(rate: plan.storeRate, reading: 0, at: now))
    activeFaults = Array(repeating: false, count: plan.faults.count)
    lastEpochs = Array(repeating: .unknown, count: plan.addresses.count)
    lastAnswers = Array(repeating: now, count: plan.addresses.count)
    excuses = Array(
      repeating: Array(repeating: nil, count: plan.addresses.count), count: plan.nodes.count)
    for (index, node) in plan.nodes.enumerated() {
      nodes.append(
        SimulatedNode(
          index: index, name: node.name, rate: node.rate, reading: node.reading,
          isEligible: node.isEligible, path: NetworkPath(latency: node.latency),
          timing: plan.timing, limits: plan.limits, policy: plan.policy, schedule: plan.schedule))
    }
  }

  /// Runs the schedule of `seed` to its end or to the first violation.
  ///
  /// - Parameter trace: takes a line for everything that happens.
  package static func run(
    seed: UInt64, weaknesses: Set<Weakness> = [], trace: ((String) -> Void)? = nil
  ) -> (violation: Violation?, statistics: Statistics) {
    let simulation = Simulation(seed: seed, weaknesses: weaknesses, trace: trace)
    simulation.run()
    return (simulation.violation, simulation.statistics)
  }

  /// The parameters of a seed's schedule, for people.
  package static func parameters(seed: UInt64) -> String {
    var random = SplitMix64(seed: seed)
    return Plan(seed: seed, &random).description
  }

  private func run() {
    trace?(plan.description)
    for node in nodes { start(node) }
    for (number, fault) in plan.faults.enumerated() { queue.add(.fault(number), at: fault.at) }
    queue.add(.calm, at: plan.calmAt)
    queue.add(.ask, at: now + .millisecond)
    while violation == nil, let (event, due) = queue.next() {
      now = due
      statistics.events += 1
      happen(event)
      if case .inspect = event, isSettled { break }
    }
    statistics.schedules = 1
  }

  /// All is well again, or the time for it is over.
  private var isSettled: Bool { settledAt != nil && now >= inspectedAt }
  var settledAt: Moment?

  private func happen(_ event: Event) {
    switch event {
    case .tick(let node, let process): deliver(.tick, to: node, process)
    case .input(let node, let process, let input): deliver(input, to: node, process)
    case .coordinate(let node, let process): coordinate(nodes[node], process)
    case .alarm(let node, let process): ring(nodes[node], process)
    case .armLate(let node, let process): armLate(nodes[node], process)
    case .request(let request): arrive(request)
    case .listen(let node, let process): listen(nodes[node], process)
    case .expiry(let session): expire(session)
    case .ask: ask()
    case .answer(let node, let process, let question):
      answerLate(question, nodes[node], process)
    case .fault(let number): begin(number)
    case .faultEnds(let number): end(number)
    case .resume(let node, let process): resume(nodes[node], process)
    case .calm: calm()
    case .inspect: inspect()
    }
  }

  func note(_ node: SimulatedNode?, _ text: @autoclosure () -> String) {
    guard let trace else { return }
    let name = node.map { "\($0.name)#\($0.index).\($0.process)" } ?? "store"
    let padding = String(repeating: " ", count: max(0, 12 - name.count))
    trace("  \(now)  \(name)\(padding)  \(text())")
  }
}
