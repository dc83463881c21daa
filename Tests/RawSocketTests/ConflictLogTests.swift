import RawSocket
import Testing
import Time
import Wire

struct ConflictLogTests {
  private let now = Instant(nanoseconds: 1_000_000_000_000)
  private func station(_ number: Int) -> MACAddress {
    MACAddress(rawValue: 0x0200_0000_0000 | UInt64(number))
  }
  private func address(_ number: Int) -> IPAddress {
    .v4(IPv4Address(rawValue: 0x0a50_0000 + UInt32(number)))
  }

  /// As much as own addresses and links, however many stations somebody makes up.
  @Test func aStormTakesAsMuchAsThereAreClaims() {
    let log = ConflictLog()
    for number in 0..<200_000 {
      log.record(
        address(number % 10), station(number), on: Int32(1 + number / 10 % 2),
        at: now + .microseconds(number))
    }
    let conflicts = log.take()
    #expect(conflicts.count == 10 * 2 * ConflictLog.mostClaimants)
    // Every frame is counted.
    #expect(conflicts.map(\.count).reduce(0, +) == 200_000)
    // The station heard last is among them.
    let newest = conflicts.max { $0.lastSeenAt < $1.lastSeenAt }
    #expect(newest?.hardwareAddress == station(199_999))
    #expect(log.take().isEmpty)
  }

  @Test func noAddressIsCrowdedOutByAnother() {
    let log = ConflictLog()
    for number in 0..<100_000 { log.record(address(0), station(number), on: 1, at: now) }
    for number in 1..<2000 { log.record(address(number), station(7), on: 1, at: now) }
    #expect(Set(log.take().map(\.address)).count == 2000)
  }

  @Test func fewStationsAreToldApart() {
    let log = ConflictLog()
    for number in [3, 1, 2, 1, 1] { log.record(address(0), station(number), on: 1, at: now) }
    let conflicts = log.take()
    #expect(conflicts.map(\.hardwareAddress) == [1, 2, 3].map(station))
    #expect(conflicts.map(\.count) == [3, 1, 1])
  }
}
