import FaultCheckers
import Time
import Wire

/// What the tests of the checkers are written in: two nodes, one address, milliseconds.
let address = IPAddress("10.80.8.150")!
let macA = MACAddress("02:00:00:00:00:0a")!
let macB = MACAddress("02:00:00:00:00:0b")!
let stranger = MACAddress("02:00:00:00:00:0f")!
let stations = [macA: "a", macB: "b"]

func at(_ milliseconds: Int) -> Instant { Instant(nanoseconds: Int64(milliseconds) * 1_000_000) }

func frame(_ station: MACAddress, _ milliseconds: Int) -> Assertion {
  Assertion(time: at(milliseconds), address: address, station: station)
}

/// Frames of one station, each 2 ms apart, both ends included.
func frames(_ station: MACAddress, _ range: ClosedRange<Int>) -> [Assertion] {
  stride(from: range.lowerBound, through: range.upperBound, by: 2).map { frame(station, $0) }
}

func event(_ revision: Int64, _ milliseconds: Int, _ change: StoreEvent.Change) -> StoreEvent {
  StoreEvent(revision: revision, seen: at(milliseconds), change: change)
}

/// `a` (lease 10) has the address from 100 to 500 ms in epoch 4, `b` (lease 11) from 510 in epoch 6.
let handOver = [
  event(2, 10, .session(node: "a", lease: 10)), event(3, 20, .session(node: "b", lease: 11)),
  event(4, 100, .claim(address, lease: 10, epoch: 4)), event(5, 500, .released(address)),
  event(6, 510, .claim(address, lease: 11, epoch: 6)),
]
