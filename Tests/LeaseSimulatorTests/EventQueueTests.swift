import SeededRandom
import Testing

@testable import LeaseSimulator

@Suite struct EventQueueTests {
  @Test func theEarliestComesFirstAndEqualOnesInTheirOrder() {
    var queue = EventQueue<String>()
    queue.add("c", at: Moment(nanoseconds: 3))
    queue.add("a1", at: Moment(nanoseconds: 1))
    queue.add("never", at: .never)
    queue.add("a2", at: Moment(nanoseconds: 1))
    #expect(queue.next()?.event == "a1")
    queue.add("b", at: Moment(nanoseconds: 2))
    queue.add("a3", at: Moment(nanoseconds: 1))
    var rest: [String] = []
    while let (event, _) = queue.next() { rest.append(event) }
    #expect(rest == ["a2", "a3", "b", "c"])
  }

  @Test func manyComeOutSorted() {
    var random = SplitMix64(seed: 3)
    var queue = EventQueue<Int64>()
    for _ in 0..<1000 {
      let due = random.within(0...100)
      queue.add(due, at: Moment(nanoseconds: due))
    }
    var last: Int64 = 0
    var count = 0
    while let (event, due) = queue.next() {
      #expect(event == due.nanoseconds && event >= last)
      last = event
      count += 1
    }
    #expect(count == 1000)
  }
}
