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

  /// Everything that may be written at one moment.
  private func drain(_ queue: inout EventQueue, at now: Instant) -> [EventQueue.Writing] {
    var writings: [EventQueue.Writing] = []
    while case .write(let writing) = queue.next(at: now) { writings.append(writing) }
    return writings
  }

  @Test func whatComesIsWrittenInOrder() {
    var queue = EventQueue()
    #expect(queue.next(at: start) == .wait(until: .distantFuture))
    queue.add(event(1))
    queue.add(event(1, .conflict))
    queue.add(event(2))
    let writings = drain(&queue, at: start)
    #expect(writings.map(\.event) == [event(1), event(1, .conflict), event(2)])
    #expect(writings.allSatisfy { $0.update == nil && $0.count == 1 })
    #expect(Set(writings.map(\.number)).count == 3)
  }

  @Test func theSameAgainIsANumberOnTheEventThatIsThere() {
    var queue = EventQueue()
    queue.add(event(1))
    let first = drain(&queue, at: start)[0]
    // Twice while it waits: one writing, with the newest words.
    queue.add(event(1, .announcing, "a"))
    queue.add(event(1, .announcing, "b"))
    let again = drain(&queue, at: start + .seconds(599))
    #expect(again.count == 1)
    #expect(again[0].update == first.number && again[0].count == 3)
    #expect(again[0].event.message == "b")
    // Long after the last: another event.
    queue.add(event(1))
    let later = drain(&queue, at: start + .seconds(599 + 600))[0]
    #expect(later.update == nil && later.count == 1 && later.number != first.number)
  }

  @Test func anEventThatIsGoneIsWrittenAnew() {
    var queue = EventQueue()
    queue.add(event(1))
    queue.forget(drain(&queue, at: start)[0])
    queue.add(event(1))
    #expect(drain(&queue, at: start)[0].update == nil)
  }

  @Test func theServerIsAskedNoFasterThanItShouldBe() {
    var queue = EventQueue()
    for number in 0..<200 { queue.add(event(number)) }
    #expect(drain(&queue, at: start).count == EventQueue.burst)
    #expect(queue.next(at: start) == .wait(until: start + EventQueue.interval))
    #expect(drain(&queue, at: start + .milliseconds(199)).isEmpty)
    #expect(drain(&queue, at: start + .milliseconds(1001)).count == 5)
    #expect(
      queue.next(at: start + .milliseconds(1001)) == .wait(until: start + .milliseconds(1200)))
    #expect(drain(&queue, at: start + .seconds(3600)).count == EventQueue.burst)
  }

  @Test func aFloodIsBoundedAndCounted() {
    var queue = EventQueue()
    for number in 0..<EventQueue.capacity + 7 { queue.add(event(number)) }
    #expect(queue.dropped == 7)
    var now = start
    var count = 0
    while case let writings = drain(&queue, at: now), !writings.isEmpty {
      count += writings.count
      now = now + .seconds(10)
    }
    #expect(count == EventQueue.capacity)
  }
}
