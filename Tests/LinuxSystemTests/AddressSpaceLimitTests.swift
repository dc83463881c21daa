import LinuxSystem
import Testing

struct AddressSpaceLimitTests {
  @Test func tooLittleIsToldOf() throws {
    #expect(AddressSpaceLimit.warning(nil) == nil)
    #expect(AddressSpaceLimit.warning(1 << 30) == nil)
    let warning = try #require(AddressSpaceLimit.warning(204_800_000))
    #expect(warning.hasPrefix("the address space is limited to 195 MiB (`ulimit -v`, LimitAS=)"))
  }

  @Test func theLimitOfThisProcessIsRead() {
    // Sanitizers and the tests' own threads reserve terabytes: there can be none.
    #expect(AddressSpaceLimit.warning(AddressSpaceLimit.current) == nil)
  }
}
