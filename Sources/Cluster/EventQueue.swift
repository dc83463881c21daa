package import Time
package import Wire

/// Events on their way to the API server: no faster than it should be asked to take them, and the same
/// thing again as a number on the event that is there.
///
/// An address that flaps, or ten thousand that move at once, must not cost the cluster more than the
/// news are worth: what is older than newer news of the same address and kind is left out.
package struct EventQueue: Sendable {
  /// What distinguishes one event object from another.
  package struct Subject: Hashable, Sendable {
    package var service: ObjectName
    package var address: IPAddress?
    package var reason: ServiceEvent.Reason
  }

  package struct Writing: Hashable, Sendable {
    package var event: ServiceEvent
    /// How often it has happened, this time included.
    package var count: Int
    /// The number of the event object that is to be updated; nil for a new one.
    package var update: UInt64?
    /// The number that the object has, or shall have: unique in this process.
    package var number: UInt64
  }

  package enum Step: Hashable, Sendable {
    case write(Writing)
    /// Nothing to do before then; the distant future where nothing waits.
    case wait(until: Instant)
  }

  private struct Waiting {
    var event: ServiceEvent
    var count: Int
  }

  private struct Written {
    var number: UInt64
    var count: Int
    var at: Instant
  }

  /// Events at once, after a while without any, and from then on one in `interval`: as the API
  /// server's own clients do it, a little more generous to addresses that come in hundreds.
  package static let burst = 50
  package static let interval = Duration.milliseconds(200)
  /// The same thing within this is the same event.
  package static let memory = Duration.seconds(600)
  /// Subjects that wait, or are remembered, at most.
  package static let capacity = 4096

  private var order: [Subject] = []
  private var head = 0
  private var waiting: [Subject: Waiting] = [:]
  private var written: [Subject: Written] = [:]
  private var tokens: Int
  private var refilledAt: Instant?
  private var last: UInt64 = 0
  /// Events that there was no room for.
  package private(set) var dropped = 0

  package init() {
    tokens = Self.burst
  }

  package mutating func add(_ event: ServiceEvent) {
    let subject = Subject(
      service: event.service, address: event.address, reason: event.reason)
    if let known = waiting[subject] {
      waiting[subject] = Waiting(event: event, count: known.count + 1)
      return
    }
    guard waiting.count < Self.capacity else {
      dropped += 1
      return
    }
    waiting[subject] = Waiting(event: event, count: 1)
    order.append(subject)
  }

  package mutating func next(at now: Instant) -> Step {
    guard head < order.count else { return .wait(until: .distantFuture) }
    refill(at: now)
    guard tokens > 0 else { return .wait(until: (refilledAt ?? now) + Self.interval) }
    tokens -= 1
    let subject = order[head]
    head += 1
    if head == order.count {
      order.removeAll(keepingCapacity: true)
      head = 0
    }
    guard let entry = waiting.removeValue(forKey: subject) else { return next(at: now) }
    return .write(writing(entry, of: subject, at: now))
  }

  private mutating func writing(
    _ entry: Waiting, of subject: Subject, at now: Instant
  ) -> Writing {
    if let known = written[subject], now - known.at < Self.memory {
      let count = known.count + entry.count
      written[subject] = Written(number: known.number, count: count, at: now)
      return Writing(
        event: entry.event, count: count, update: known.number, number: known.number)
    }
    if written.count >= Self.capacity {
      written = written.filter { now - $0.value.at < Self.memory }
      if written.count >= Self.capacity { written = [:] }
    }
    last += 1
    written[subject] = Written(number: last, count: entry.count, at: now)
    return Writing(event: entry.event, count: entry.count, update: nil, number: last)
  }

  /// The event object is not there any more (they live for an hour): the next one is a new one.
  package mutating func forget(_ writing: Writing) {
    let subject = Subject(
      service: writing.event.service, address: writing.event.address,
      reason: writing.event.reason)
    if written[subject]?.number == writing.number { written[subject] = nil }
  }

  private mutating func refill(at now: Instant) {
    guard let since = refilledAt, tokens < Self.burst else {
      refilledAt = now
      return
    }
    let due = (now - since).nanoseconds / Self.interval.nanoseconds
    guard due > 0 else { return }
    tokens = min(Self.burst, tokens + Int(due))
    refilledAt = since + Self.interval * Int(due)
  }
}
