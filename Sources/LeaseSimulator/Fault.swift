/// Something that goes wrong, from a moment on and for a while.
struct Fault {
  enum Kind {
    // A node's process and machine.
    case crash(Int)
    case shutDown(Int)
    case freeze(Int)
    case suspend(Int)
    case pause(Int)
    case stallDriver(Int)
    case stallCoordinator(Int)
    case stallBoth(Int)
    case wallStep(Int, by: Int64)
    // Its way to the store.
    case losesRequests(Int, percent: Int, refuses: Bool)
    case losesAnswers(Int, percent: Int)
    case delaysRequests(Int, atMost: Int64)
    case delaysAnswers(Int, atMost: Int64)
    case cutsWatch(Int)
    case delaysWatch(Int, atMost: Int64)
    case isolates(Int)
    // What it can serve.
    case drain(Int)
    case ineligible(Int, [Int])
    // The operator.
    case handOver(Int, to: Int?)
    case revoke(Int)
    case deleteClaim(Int)
    case overwriteClaim(Int)
    // The store.
    case storeElection(refuses: Bool, newRate: Int64)
    case storeAway(refuses: Bool, isDown: Bool)
  }

  let kind: Kind
  let at: Moment
  let until: Moment
  /// It does not end with the others: what a node cannot serve it may never serve again.
  let isPermanent: Bool
}

extension Fault.Kind {
  /// For the count of faults by kind.
  var name: String {
    switch self {
    case .crash: "crash"
    case .shutDown: "shutdown"
    case .freeze: "freeze"
    case .suspend: "suspend"
    case .pause: "vm-pause"
    case .stallDriver, .stallCoordinator, .stallBoth: "stall"
    case .wallStep: "wall-step"
    case .losesRequests: "request-loss"
    case .losesAnswers: "answer-loss"
    case .delaysRequests, .delaysAnswers: "delay"
    case .cutsWatch, .delaysWatch: "watch"
    case .isolates: "partition"
    case .drain: "drain"
    case .ineligible: "ineligible"
    case .handOver: "hand-over"
    case .revoke: "revoke"
    case .deleteClaim: "claim-deleted"
    case .overwriteClaim: "claim-overwritten"
    case .storeElection: "store-election"
    case .storeAway: "store-away"
    }
  }

  var mayLast: Bool {
    switch self {
    case .drain, .ineligible: true
    default: false
    }
  }

  /// The node it befalls.
  var node: Int? {
    switch self {
    case .crash(let node), .shutDown(let node), .freeze(let node), .suspend(let node),
      .pause(let node), .stallDriver(let node), .stallCoordinator(let node), .stallBoth(let node),
      .wallStep(let node, _), .losesRequests(let node, _, _), .losesAnswers(let node, _),
      .delaysRequests(let node, _), .delaysAnswers(let node, _), .cutsWatch(let node),
      .delaysWatch(let node, _), .isolates(let node), .drain(let node), .ineligible(let node, _),
      .revoke(let node):
      node
    case .handOver, .deleteClaim, .overwriteClaim, .storeElection, .storeAway: nil
    }
  }
}
