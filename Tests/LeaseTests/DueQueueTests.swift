import Lease
import SeededRandom
import Testing
import Time
import Wire

struct DueQueueTests {
  @Test func givesOutWhatIsDueInOrderOfTimeThenOfAddress() {
    var queue = DueQueue()
    let z = IPAddress("10.0.0.3")!
    queue.insert(z, due: at(5))
    queue.insert(y, due: at(10))
    queue.insert(x, due: at(10))
    #expect(queue.firstDue() == at(5))
    #expect(queue.take(dueAt: at(4), limit: 9) == [])
    #expect(queue.take(dueAt: at(10), limit: 2) == [z, x])
    #expect(queue.take(dueAt: at(10), limit: 2) == [y])
    #expect(queue.firstDue() == nil)
  }

  @Test func movedAndRemovedAddressesDoNotComeTwice() {
    var queue = DueQueue()
    queue.insert(x, due: at(1))
    queue.insert(x, due: at(3))
    queue.insert(x, due: at(1))
    queue.insert(y, due: at(2))
    queue.remove(y)
    #expect(queue.take(dueAt: at(9), limit: 9) == [x])
    #expect(queue.isEmpty)
  }

  @Test func agreesWithSorting() {
    var queue = DueQueue()
    var expected: [(Int64, IPAddress)] = []
    var random = SplitMix64(seed: 7)
    for index in 0..<1000 {
      let address = IPAddress.v4(IPv4Address(rawValue: UInt32(index)))
      let due = Int64(random.next() % 100)
      queue.insert(address, due: at(due))
      expected.append((due, address))
    }
    expected.sort { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }
    #expect(queue.take(dueAt: at(100), limit: 1000) == expected.map(\.1))
  }
}
