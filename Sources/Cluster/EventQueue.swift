package import Time
package import Wire

/// Events on their way to the API server: no faster than it should be asked to take them, and the same
/// thing again as a number on the event that is there.
///
/// An address that flaps, or ten thousand that move at once, must not cost the cluster more than the
/// news are worth. What waits while something newer makes it untrue is left out, and what would come later than a
/// minute after the fact is summed up in one event on the Node.
package struct EventQueue: Sendable {
  /// What distinguishes one event object from another.
  package struct Subject: Hashable, Sendable {
    package var service: ObjectName
    package var address: IPAddress?
    package var reason: ServiceEvent.Reason
  }

  /// What one event object tells.
  package enum News: Hashable, Sendable {
    case one(ServiceEvent)
    /// So many that had no room of their own.
    case many(ServiceEvent.Reason, Int)
  }

  package struct Writing: Hashable, Sendable {
    package var news: News
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

  /// What is summed up of one reason.
  private struct Sum {
    var count: Int
    /// When the newest of it came, among all that was summed up.
    var latest: UInt64
  }

  private enum Key: Hashable {
    case one(Subject)
    case many(ServiceEvent.Reason)
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
  /// Events that wait, at most: the last of them is written 50 s later, if nothing could be written at once.
  package static let capacity = 250
  /// How long the rest is counted before it is told of.
  package static let summing = Duration.seconds(20)
  /// The same thing within this is the same event.
  package static let memory = Duration.seconds(600)
  /// Subjects that are remembered, at most.
  package static let remembered = 4096

  /// In order; each is in `waiting`.
  private var order: [Subject] = []
  private var waiting: [Subject: Waiting] = [:]
  private var sums: [ServiceEvent.Reason: Sum] = [:]
  private var summed: UInt64 = 0
  /// When the sums are told of; nil where there are none.
  private var sumsDueAt: Instant?
  private var written: [Key: Written] = [:]
  private var tokens: Int
  private var refilledAt: Instant?
  private var last: UInt64 = 0
  private let capacity: Int
  private let summing: Duration

  /// - Parameters:
  ///   - capacity: events that wait, at most.
  ///   - summing: how long the rest is counted.
  package init(capacity: Int = Self.capacity, summing: Duration = Self.summing) {
    tokens = Self.burst
    self.capacity = capacity
    self.summing = summing
  }

  package mutating func add(_ event: ServiceEvent, at now: Instant) {
    let subject = Subject(
      service: event.service, address: event.address, reason: event.reason)
    if let opposite = event.reason.opposite { drop(subject.with(opposite)) }
    if let known = waiting[subject] {
      waiting[subject] = Waiting(event: event, count: known.count + 1)
      return
    }
    if waiting.count >= capacity {
      // What somebody should do something about goes first.
      guard event.isWarning,
        let place = order.lastIndex(where: { waiting[$0]?.event.isWarning == false })
      else { return sum(event.reason, 1, at: now) }
      let victim = order.remove(at: place)
      sum(victim.reason, waiting.removeValue(forKey: victim)?.count ?? 1, at: now)
    }
    waiting[subject] = Waiting(event: event, count: 1)
    order.append(subject)
  }

  /// Takes back what could not be written as it was meant: the event object to update is gone.
  package mutating func add(_ writing: Writing, at now: Instant) {
    switch writing.news {
    case .one(let event): add(event, at: now)
    case .many(let reason, let count): sum(reason, count, at: now)
    }
  }

  package mutating func next(at now: Instant) -> Step {
    let dueAt = order.isEmpty ? sumsDueAt : now
    guard let dueAt else { return .wait(until: .distantFuture) }
    guard dueAt <= now else { return .wait(until: dueAt) }
    refill(at: now)
    guard tokens > 0 else { return .wait(until: (refilledAt ?? now) + Self.interval) }
    tokens -= 1
    if let due = sumsDueAt, due <= now,
      let oldest = sums.min(by: { $0.value.latest < $1.value.latest })
    {
      sums[oldest.key] = nil
      if sums.isEmpty { sumsDueAt = nil }
      return .write(
        writing(.many(oldest.key, oldest.value.count), 1, of: .many(oldest.key), at: now))
    }
    let subject = order.removeFirst()
    guard let entry = waiting.removeValue(forKey: subject) else { return next(at: now) }
    return .write(writing(.one(entry.event), entry.count, of: .one(subject), at: now))
  }

  /// The event object is not there any more (they live for an hour): the next one is a new one.
  package mutating func forget(_ writing: Writing) {
    let key: Key =
      switch writing.news {
      case .one(let event):
        .one(Subject(service: event.service, address: event.address, reason: event.reason))
      case .many(let reason, _): .many(reason)
      }
    if written[key]?.number == writing.number { written[key] = nil }
  }

  private mutating func drop(_ subject: Subject) {
    guard waiting.removeValue(forKey: subject) != nil else { return }
    order.removeAll { $0 == subject }
  }

  private mutating func sum(_ reason: ServiceEvent.Reason, _ count: Int, at now: Instant) {
    summed += 1
    sums[reason] = Sum(count: (sums[reason]?.count ?? 0) + count, latest: summed)
    if sumsDueAt == nil { sumsDueAt = now + summing }
  }

  private mutating func writing(
    _ news: News, _ times: Int, of key: Key, at now: Instant
  ) -> Writing {
    if let known = written[key], now - known.at < Self.memory {
      let count = known.count + times
      written[key] = Written(number: known.number, count: count, at: now)
      return Writing(news: news, count: count, update: known.number, number: known.number)
    }
    if written.count >= Self.remembered {
      written = written.filter { now - $0.value.at < Self.memory }
      if written.count >= Self.remembered { written = [:] }
    }
    last += 1
    written[key] = Written(number: last, count: times, at: now)
    return Writing(news: news, count: times, update: nil, number: last)
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

extension EventQueue.Subject {
  fileprivate func with(_ reason: ServiceEvent.Reason) -> Self {
    var other = self
    other.reason = reason
    return other
  }
}

extension ServiceEvent.Reason {
  /// What is not true any more once this is.
  fileprivate var opposite: Self? {
    switch self {
    case .announcing: .stopped
    case .stopped: .announcing
    case .conflict, .blocked, .notAnnounced, .given, .taken, .notGiven: nil
    }
  }
}
