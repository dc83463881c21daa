/// Says what to ask the kernel next so that the table ends up equal to the kernel's state.
///
/// Links are listed, then addresses. An interrupted list, an overrun meanwhile, or a refusal leads
/// to a new pass. Pure, with the kernel's rule that a socket lists one thing at a time: a second
/// request gets EBUSY until the first list has been read to its end (`netlink_dump_start`).
package struct DumpCycle: Hashable, Sendable {
  /// One thing to do; `nil` from `next()` means: read on.
  package enum Step: Hashable, Sendable {
    /// Mark everything in the table as unconfirmed, and ask for the links.
    case listLinks(sequence: UInt32)
    case listAddresses(sequence: UInt32)
    /// Forget what was not confirmed: the table is whole.
    case finish
    /// Ask for something small: its answer makes the kernel go on with a list that it had to
    /// interrupt for lack of memory.
    case nudge
  }

  private enum State: Hashable {
    case idle
    case listing(Phase, sequence: UInt32)
    /// Refused because an earlier list has not been read to its end.
    case refused
  }

  private enum Phase { case links, addresses }

  private var state = State.idle
  private var pending: Step?
  private var sequence: UInt32 = 0
  /// The running pass cannot be trusted; another one follows.
  private var isSpoilt = false
  private var silences = 0

  package init() {}

  /// The pass is over (or none ever began).
  package var isIdle: Bool { state == .idle && pending == nil }

  /// Begins the first pass, or another one because messages were lost.
  package mutating func restart() {
    if state == .idle {
      begin()
    } else {
      isSpoilt = true
    }
  }

  /// The next thing to do, once.
  package mutating func next() -> Step? {
    defer { pending = nil }
    return pending
  }

  /// Takes note of the envelope of every message, whatever it holds.
  package mutating func hear(_ message: RouteMessage) {
    if case .listing(_, let current) = state, message.sequence == current {
      silences = 0
      if message.isInterrupted { isSpoilt = true }
    }
    switch message.body {
    case .done(let code): listEnded(message.sequence, code: code)
    case .failure(let code, _) where code != 0: wasRefused(message.sequence)
    default: break
    }
  }

  /// Nothing came for a second, though an answer is due.
  package mutating func silence() {
    guard !isIdle else { return }
    silences += 1
    if state == .refused || silences > 2 {
      begin()
    } else {
      pending = .nudge
    }
  }

  private mutating func listEnded(_ ended: UInt32, code: Int32) {
    switch state {
    case .idle:
      break
    case .refused:
      begin()
    case .listing(_, let current) where current != ended:
      break
    case .listing(let phase, _):
      if isSpoilt || code != 0 {
        begin()
      } else if phase == .links {
        sequence &+= 1
        state = .listing(.addresses, sequence: sequence)
        pending = .listAddresses(sequence: sequence)
      } else {
        state = .idle
        pending = .finish
      }
    }
  }

  private mutating func wasRefused(_ refused: UInt32) {
    if case .listing(_, let current) = state, current == refused { state = .refused }
  }

  private mutating func begin() {
    isSpoilt = false
    silences = 0
    sequence &+= 1
    state = .listing(.links, sequence: sequence)
    pending = .listLinks(sequence: sequence)
  }
}
