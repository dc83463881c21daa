import Configuration
import Testing
import Wire

struct AddressCountTests {
  private func range(_ lower: String, _ upper: String) throws -> IPRange {
    let ends = (try #require(IPAddress(lower)), try #require(IPAddress(upper)))
    return try #require(IPRange(ends.0, ends.1))
  }

  @Test func overlapsCountOnce() throws {
    let ranges = [
      try range("10.0.0.5", "10.0.0.9"), try range("10.0.0.1", "10.0.0.6"),
      try range("10.0.0.2", "10.0.0.3"), try range("255.255.255.255", "255.255.255.255"),
      try range("::", "::1"),
    ]
    #expect(AddressCount.distinct(in: ranges) == 12)
    #expect(AddressCount.distinct(in: []) == 0)
  }

  @Test func theWholeOfIPv6StaysAtTheLargestNumber() throws {
    let all = try range("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
    #expect(AddressCount.distinct(in: [all, all]) == .max)
    #expect(AddressCount.text(.max) == "2^128")
    #expect(AddressCount.text(1 << 64) == "2^64")
    #expect(AddressCount.text(1_048_576) == "1,048,576")
    #expect(AddressCount.text(999) == "999")
  }
}
