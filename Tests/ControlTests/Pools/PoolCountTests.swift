import Testing

@testable import Control

struct PoolCountTests {
  @Test(arguments: [
    ("0", "0"), ("254", "254"), ("4294967295", "4294967295"), ("4294967296", "2^32"),
    ("18446744073709551616", "2^64"),
    // A /64 with four given away, and one without its first and last address.
    ("18446744073709551612", "~2^64"), ("18446744073709551618", "~2^64"),
    // Three of them, and all of IPv6, whose number is cut to what the type holds.
    ("55340232221128654848", "~5.5e19"), ("340282366920938463463374607431768211455", "~2^128"),
    // What no program of ours writes.
    ("340282366920938463463374607431768211456", "340282366920938463463374607431768211456"),
    ("", ""), ("many\u{1b}", "many\\u{1b}"),
  ])
  func fewDigitsAreShownAndPowersOfTwoNamed(decimal: String, text: String) {
    #expect(PoolCount.text(decimal) == text)
  }
}
