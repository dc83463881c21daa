internal import Lease
internal import Time
internal import Wire

/// What happens at one moment of a schedule.
enum Event {
  /// A node's timer.
  case tick(node: Int, process: Int)
  /// Something for the control loop of a node's process.
  case input(node: Int, process: Int, Input)
  /// A node's coordinator takes its mail.
  case coordinate(node: Int, process: Int)
  /// A node's coordinator wanted to be woken.
  case alarm(node: Int, process: Int)
  /// The wire follows late, where a weakness wants it so.
  case armLate(node: Int, process: Int)
  /// A request reaches the store.
  case request(Request)
  /// A node's watch begins to listen (again).
  case listen(node: Int, process: Int)
  /// A session may have expired.
  case expiry(session: Int)
  /// Somebody on the LAN asks for an address.
  case ask
  /// A node's answering thread gets round to a request.
  case answer(node: Int, process: Int, SimulatedNode.Question)
  case fault(Int)
  case faultEnds(Int)
  /// A control loop that stalled, or a process that was held, may go on.
  case resume(node: Int, process: Int)
  /// The faults are over from here on.
  case calm
  /// Time to see whether all is well again.
  case inspect
}

/// A request on its way to the store.
struct Request {
  let node: Int
  let process: Int
  let call: Call
  /// When it was sent.
  let sentAt: Moment
}

/// What the control loop of a process takes from its queue; the same as `LeaseDriver` takes from its.
enum Input {
  case compete(Set<IPAddress>)
  case handOver(IPAddress, to: String?)
  case giveUp(Set<IPAddress>)
  case hear(IPAddress)
  case asked
  case verify
  case confirmOwnership
  case shutDown
  /// `revision`: the store's when it said so.
  case changes([StoreChange], revision: UInt64)
  case outcome(Outcome, Call, sentAt: Moment)
  case tick
}
