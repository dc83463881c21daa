import Testing
import Wire

@testable import RawSocket

struct WitnessProbeTests {
  /// Answers can be forged as fast as frames can be sent: what is kept of them is a handful, and the one that
  /// should come is among them whenever it comes.
  @Test func aFloodOfAnswersHidesNobodyAndFillsNothing() {
    let expected = MACAddress(rawValue: 0x0200_0000_0001)
    for place in [0, 3, 4, 5000, 9999] {
      var stations: Set<MACAddress> = []
      for number in 0..<10_000 {
        let station =
          number == place ? expected : MACAddress(rawValue: 0x0666_0000_0000 + UInt64(number))
        WitnessProbe.note(station, in: &stations, expecting: expected)
      }
      #expect(stations.contains(expected) && stations.count == 5)
    }
  }
}
