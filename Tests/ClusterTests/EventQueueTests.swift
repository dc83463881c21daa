import Testing
import Time
import Wire

@testable import Cluster

struct EventQueueTests {
  private let start = Instant(nanoseconds: 1_000_000_000_000)

  private func event(
    _ last: Int, _ reason: ServiceEvent.Reason = .announcing, _ message: String = "m"
  ) -> ServiceEvent {
    ServiceEvent(
      ObjectName("default", "web\(last)"), uid: "u",
      address: IPAddress("10.0.\(last / 250).\(last % 250 + 1)")!,
      reason: reason, message: message)
  }

  /// Written ones that have an object of their own.
  private func events(_ writings: [EventQueue.Writing]) -> [ServiceEvent] {
    writings.compactMap {
      guard case .one(let event) = $0.news else { return nil }
      return event
    }
  }

  /// Everything that may be written at one moment.
  private func drain(_ queue: inout EventQueue, at now: Instant) -> [EventQueue.Writing] {
    var writings: [EventQueue.Writing] = []
    while case .write(let writing) = queue.next(at: now) { writings.append(writing) }
    return writings
  }

  @Test func whatComesIsWrittenInOrder() {
    var queue = EventQueue()
    #expect(queue.next(at: start) == .wait(until: .distantFuture))
    queue.add(event(1), at: start)
    queue.add(event(1, .conflict), at: start)
    queue.add(event(2), at: start)
    let writings = drain(&queue, at: start)
    #expect(events(writings) == [event(1), event(1, .conflict), event(2)])
    #expect(writings.allSatisfy { $0.update == nil && $0.count == 1 })
    #expect(Set(writings.map(\.number)).count == 3)
  }

  @Test func theSameAgainIsANumberOnTheEventThatIsThere() {
    var queue = EventQueue()
    queue.add(event(1), at: start)
    let first = drain(&queue, at: start)[0]
    // Twice while it waits: one writing, with the newest words.
    queue.add(event(1, .announcing, "a"), at: start)
    queue.add(event(1, .announcing, "b"), at: start)
    let again = drain(&queue, at: start + .seconds(599))
    #expect(again.count == 1)
    #expect(again[0].update == first.number && again[0].count == 3)
    #expect(events(again)[0].message == "b")
    // Long after the last: another event.
    queue.add(event(1), at: start)
    let later = drain(&queue, at: start + .seconds(599 + 600))[0]
    #expect(later.update == nil && later.count == 1 && later.number != first.number)
  }

  @Test func anEventThatIsGoneIsWrittenAnew() {
    var queue = EventQueue()
    queue.add(event(1), at: start)
    queue.forget(drain(&queue, at: start)[0])
    queue.add(event(1), at: start)
    #expect(drain(&queue, at: start)[0].update == nil)
  }

  @Test func theServerIsAskedNoFasterThanItShouldBe() {
    var queue = EventQueue()
    for number in 0..<200 { queue.add(event(number), at: start) }
    #expect(drain(&queue, at: start).count == EventQueue.burst)
    #expect(queue.next(at: start) == .wait(until: start + EventQueue.interval))
    #expect(drain(&queue, at: start + .milliseconds(199)).isEmpty)
    #expect(drain(&queue, at: start + .milliseconds(1001)).count == 5)
    #expect(
      queue.next(at: start + .milliseconds(1001)) == .wait(until: start + .milliseconds(1200)))
    #expect(drain(&queue, at: start + .seconds(3600)).count == EventQueue.burst)
  }

  /// Lets the queue be written until nothing waits any more, and says when each was written.
  private func drainSlowly(_ queue: inout EventQueue) -> [(EventQueue.Writing, at: Duration)] {
    var now = start
    var all: [(EventQueue.Writing, at: Duration)] = []
    while true {
      switch queue.next(at: now) {
      case .write(let writing): all.append((writing, now - start))
      case .wait(.distantFuture): return all
      case .wait(let until): now = until
      }
    }
  }

  /// Thousands of addresses that move at once are told of within a minute, the rest of them in one event.
  @Test func aFloodIsSummedUpWithinAMinute() {
    var queue = EventQueue()
    // A flood before has taken all that could be written at once.
    for number in 0..<EventQueue.burst { queue.add(event(9000 + number), at: start) }
    #expect(drain(&queue, at: start).count == EventQueue.burst)
    for number in 0..<5000 { queue.add(event(number), at: start) }
    let all = drainSlowly(&queue)
    #expect(all.count == EventQueue.capacity + 1)
    #expect(events(all.map(\.0)) == (0..<EventQueue.capacity).map { event($0) })
    let sums = all.filter { events([$0.0]).isEmpty }
    #expect(sums.map(\.0.news) == [.many(.announcing, 5000 - EventQueue.capacity)])
    #expect(all.map(\.at).max()! <= .seconds(60))
    #expect(sums[0].at <= EventQueue.summing + EventQueue.interval)
  }

  /// A flood that goes on is told of at a pace, as a number on the event that is there.
  @Test func aFloodThatGoesOnIsCountedOn() {
    var queue = EventQueue()
    var now = start
    var sums: [EventQueue.Writing] = []
    var count = 0
    for number in 0..<30_000 {
      // 100 a second, for five minutes.
      now = start + .milliseconds(10 * number)
      queue.add(event(number), at: now)
      let writings = drain(&queue, at: now)
      count += writings.count
      sums += writings.filter { events([$0]).isEmpty }
    }
    #expect(count <= EventQueue.burst + 300 * 5 + 1)
    #expect((13...15).contains(sums.count), "one in twenty seconds")
    #expect(Set(sums.map(\.number)).count == 1 && sums.map(\.count) == Array(1...sums.count))
  }

  @Test func warningsHaveRoomBeforeOtherNews() {
    var queue = EventQueue()
    for number in 0..<EventQueue.capacity + 7 { queue.add(event(number), at: start) }
    queue.add(event(9000, .conflict), at: start)
    let all = drainSlowly(&queue).map(\.0)
    #expect(events(all).contains(event(9000, .conflict)))
    #expect(!events(all).contains(event(EventQueue.capacity - 1)), "the newest of the others")
    #expect(all.contains { $0.news == .many(.announcing, 8) })
    // All of them warnings: the rest is summed up like everything else.
    for number in 0..<EventQueue.capacity + 2 { queue.add(event(number, .blocked), at: start) }
    let warnings = drainSlowly(&queue).map(\.0.news)
    #expect(warnings.contains(.many(.blocked, 2)))
  }

  /// What is not true any more when its turn comes is left out.
  @Test func onlyTheNewestOfOppositesIsTold() {
    var queue = EventQueue()
    queue.add(event(1), at: start)
    queue.add(event(2), at: start)
    queue.add(event(1, .stopped), at: start)
    #expect(events(drain(&queue, at: start)) == [event(2), event(1, .stopped)])
    queue.add(event(1), at: start)
    queue.add(event(1, .conflict), at: start)
    queue.add(event(1, .stopped), at: start)
    queue.add(event(1, .announcing, "n"), at: start)
    #expect(
      events(drain(&queue, at: start)) == [event(1, .conflict), event(1, .announcing, "n")])
  }

  /// The sums of opposites are told in the order of the newest of each.
  @Test func theNewestSumIsToldLast() {
    var queue = EventQueue()
    for number in 0..<EventQueue.capacity { queue.add(event(number), at: start) }
    for number in 1000..<1003 { queue.add(event(number), at: start) }
    for number in 1000..<1003 { queue.add(event(number, .stopped), at: start) }
    for number in 1000..<1002 { queue.add(event(number), at: start) }
    let sums = drainSlowly(&queue).map(\.0).filter { events([$0]).isEmpty }
    #expect(sums.map(\.news) == [.many(.stopped, 3), .many(.announcing, 5)])
  }

  @Test func aSumWhoseEventIsGoneIsSummedUpAgain() {
    var queue = EventQueue()
    for number in 0..<EventQueue.capacity + 3 { queue.add(event(number), at: start) }
    let sum = drainSlowly(&queue).map(\.0).first { events([$0]).isEmpty }!
    queue.forget(sum)
    queue.add(sum, at: start + .seconds(100))
    let later = start + .seconds(100) + EventQueue.summing
    let again = drain(&queue, at: later)
    #expect(again.map(\.news) == [.many(.announcing, 3)] && again[0].update == nil)
  }
}
