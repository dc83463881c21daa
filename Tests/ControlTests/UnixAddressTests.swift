import Testing

@testable import Control

struct UnixAddressTests {
  @Test func whatDoesNotFitIsNoAddress() {
    #expect(UnixAddress(path: String(repeating: "x", count: 107)) != nil)
    #expect(UnixAddress(path: String(repeating: "x", count: 108)) == nil)
    #expect(UnixAddress(path: "") == nil)
    #expect(UnixAddress(path: "a\u{0}b") == nil)
    #expect(UnixAddress(abstract: "") == nil)
    #expect(UnixAddress(abstract: String(repeating: "x", count: 107)[...]) != nil)
    #expect(UnixAddress(abstract: String(repeating: "x", count: 108)[...]) == nil)
  }
}
