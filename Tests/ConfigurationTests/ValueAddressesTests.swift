import Configuration
import Testing
import Wire

struct ValueAddressesTests {
  private func fault(_ entry: String) -> String {
    let text = theFault("announcements: [{addresses: [\"\(entry)\"]}]")
    let prefix = "announcer.yaml:1:30: announcements[0].addresses[0]: "
    return text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
  }

  @Test(arguments: [
    ("10.0.0.5", "10.0.0.5"), ("10.0.0.5-10.0.0.5", "10.0.0.5"),
    ("10.0.0.5 - 10.0.0.9", "10.0.0.5-10.0.0.9"), ("10.0.0.4/30", "10.0.0.4-10.0.0.7"),
    ("10.0.0.4/32", "10.0.0.4"), ("2001:DB8::/126", "2001:db8::-2001:db8::3"),
    ("fd00::1-fd00::f", "fd00::1-fd00::f"),
  ])
  func whatIsWrittenIsWhatIsMeant(entry: String, range: String) throws {
    let configuration = try parse("announcements: [{addresses: [\"\(entry)\"]}]")
    #expect(configuration.announcements[0].ranges.map(\.description) == [range])
  }

  @Test(arguments: [
    "10.80.8.300", "", "lan0", "10.0.0.1/", "10.0.0.1/a", "10.0.0.1/+3", "10.0.0.1-", "-10.0.0.1",
    "10.0.0.0/24/24", "10.0.0.1-10.0.0.2/24", "010.0.0.256", "%lan0", "[]", "10.0.0.1:",
    "10.0.0.1:x",
    "10.0.0.1,", "10.0.0.1 lan0", "10.0.0.1/255.0.255.0", "10.0.0.1/10.0.0.2", "10.0.0.1.",
    "0x0a000001",
  ])
  func anythingElseIsNoAddress(entry: String) {
    #expect(
      fault(entry)
        == "'\(entry)' is not an address, range or prefix; "
        + "write 10.80.8.150, 10.80.8.160-10.80.8.169 or 10.80.15.0/28")
  }

  @Test(arguments: [
    ("10.0.0.9-10.0.0.1", "'10.0.0.9-10.0.0.1' runs backwards; write 10.0.0.1-10.0.0.9"),
    (
      "10.0.0.1-2001:db8::1",
      "'10.0.0.1-2001:db8::1' mixes IPv4 and IPv6; write both ends in one family"
    ),
    ("10.0.0.0/33", "'10.0.0.0/33' has a prefix of 33 bits; write 0 to 32"),
    ("fd00::/129", "'fd00::/129' has a prefix of 129 bits; write 0 to 128"),
    (
      "10.0.0.5/24",
      "'10.0.0.5/24' is an address inside a block; "
        + "write 10.0.0.0/24 for its 256 addresses or 10.0.0.5 for the one"
    ),
    ("10.0.0.0/8", "'10.0.0.0/8' is 16,777,216 addresses; at most 65,536 can be announced"),
    ("2001:db8::/64", "'2001:db8::/64' is 2^64 addresses; at most 65,536 can be announced"),
    ("::/0", "'::/0' is 2^128 addresses; at most 65,536 can be announced"),
    ("127.0.0.1", "'127.0.0.1' cannot be announced: a loopback address is never on a LAN"),
    (
      "223.255.255.254-224.0.0.1",
      "224.0.0.0 of '223.255.255.254-224.0.0.1' cannot be announced: "
        + "a multicast address belongs to no single host"
    ),
  ])
  func whatCannotBeAnnouncedSaysWhy(entry: String, message: String) {
    #expect(fault(entry) == message)
  }

  /// As other programs write addresses: the message names what is wrong with it here.
  @Test(arguments: [
    ("010.0.0.08", "has a leading zero, which some programs take for octal; write 10.0.0.8"),
    ("fd00::1%lan0", "names an interface, for which there is the key `interfaces`; write fd00::1"),
    ("[fd00::1]", "is written as in a URL; write fd00::1"),
    ("[fd00::1]:80", "is written as in a URL; write fd00::1"),
    ("10.0.0.1:80", "has a port, and an address is announced for all of them; write 10.0.0.1"),
    ("10.0.0.0/255.255.255.0", "has a netmask; write 10.0.0.0/24"),
    ("10.0.0.1/255.255.255.0", "has a netmask; write 10.0.0.1"),
    ("10.0.0.1/255.255.255.255", "has a netmask; write 10.0.0.1/32"),
    (" 10.0.0.1", "has a blank beside the address; write 10.0.0.1"),
    ("10.0.0.1, fd00::1", "is 2 addresses in one text; write [10.0.0.1, \"fd00::1\"]"),
    ("10.0.0.1 10.0.0.2", "is 2 addresses in one text; write [10.0.0.1, 10.0.0.2]"),
  ])
  func whatOtherProgramsTakeIsNamed(entry: String, words: String) {
    #expect(fault(entry) == "'\(entry)' \(words)")
  }

  /// As other programs write a range: the example is made of what the reader wrote.
  @Test(
    arguments: [
      ("192.168.50.150-160", "192.168.50.150-192.168.50.160"),
      ("192.168.50.150 - 255", "192.168.50.150-192.168.50.255"),
      ("2001:db8::10-1f", "2001:db8::10-2001:db8::1f"),
    ])
  func aRangeWhoseEndIsCutOffIsWrittenOut(entry: String, meant: String) {
    #expect(
      theFault("announcements: [{addresses: ['\(entry)']}]").hasSuffix(
        "'\(entry)' ends with a part of an address; write \(meant)"))
  }

  @Test(arguments: [
    "192.168.50.150-140", "192.168.50.150-256", "192.168.50.150-", "192.168.50.150-1.2",
  ])
  func whatCannotBeMeantIsNotGuessed(entry: String) {
    #expect(
      theFault("announcements: [{addresses: ['\(entry)']}]").contains(
        "is not an address, range or prefix"), "\(entry)")
  }
}
