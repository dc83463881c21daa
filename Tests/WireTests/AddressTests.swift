import Testing
import Wire

struct AddressTests {
  @Test(arguments: [
    ("0.0.0.0", 0), ("10.80.8.150", 0x0a50_0896), ("255.255.255.255", UInt32.max),
  ])
  func ipv4RoundTrip(text: String, value: UInt32) {
    #expect(IPv4Address(text)?.rawValue == value)
    #expect(IPv4Address(rawValue: value).description == text)
  }

  @Test(arguments: [
    "", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.", ".1.2.3", "1..2.3", "a.b.c.d",
    "1.2.3.4 ", "-1.2.3.4", "1.2.3.4444444444444",
  ])
  func notIPv4(text: String) { #expect(IPv4Address(text) == nil) }

  // RFC 5952 §4 and §5.
  @Test(arguments: [
    ("2001:db8::10", "2001:db8::10"), ("2001:0DB8:0:0:0:0:0:0010", "2001:db8::10"), ("::", "::"),
    ("::1", "::1"), ("1::", "1::"), ("fe80::1:0:0:1", "fe80::1:0:0:1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
    ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
  ])
  func ipv6CanonicalText(text: String, canonical: String) {
    #expect(IPv6Address(text)?.description == canonical)
  }

  @Test(arguments: [
    "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "g::", "12345::", "::1%eth0",
    "1:2:3:4:5:6:7:8::", "[::1]", "1.2.3.4", "::1.2.3", ":1:2:3:4:5:6:7",
  ])
  func notIPv6(text: String) { #expect(IPv6Address(text) == nil) }

  @Test func solicitedNodeGroupHasTheLow24Bits() throws {
    let address = try #require(IPv6Address("2001:db8::1234:5678"))
    #expect(address.solicitedNodeGroup.description == "ff02::1:ff34:5678")
    #expect(address.solicitedNodeGroup.isSolicitedNodeGroup)
    #expect(!address.isSolicitedNodeGroup)
    #expect(MACAddress(multicast: address.solicitedNodeGroup).description == "33:33:ff:34:56:78")
  }

  @Test func macAddresses() {
    #expect(MACAddress("02:00:5E:10:00:01")?.rawValue == 0x0200_5e10_0001)
    #expect(MACAddress("02-00-5e-10-00-01")?.description == "02:00:5e:10:00:01")
    for text in [
      "", "02:00:5e:10:00", "02:00:5e:10:00:01:02", "2:0:5e:10:0:1", "02-00:5e:10:00:01",
    ] {
      #expect(MACAddress(text) == nil, "\(text)")
    }
    #expect(MACAddress.broadcast.isGroup && !MACAddress.zero.isStation)
    #expect(MACAddress(rawValue: 0x0200_0000_0001).isStation)
  }

  /// RFC 5952 §5: the IPv4 part of an IPv4-mapped address is shown as people know it.
  @Test(arguments: [
    ("::ffff:10.0.0.1", "::ffff:10.0.0.1"), ("::ffff:a00:1", "::ffff:10.0.0.1"),
    ("0:0:0:0:0:ffff:0:0", "::ffff:0.0.0.0"), ("::ffff:255.255.255.255", "::ffff:255.255.255.255"),
    ("::fffe:a00:1", "::fffe:a00:1"), ("::1:ffff:a00:1", "::1:ffff:a00:1"),
  ])
  func ipv4MappedAddresses(text: String, shown: String) throws {
    let address = try #require(IPv6Address(text))
    #expect(address.description == shown)
    #expect(IPv6Address(shown) == address)
  }

  @Test func blocksClearTheirHostBits() throws {
    let block = try #require(IPRange(.v4(IPv4Address(10, 80, 15, 7)), prefixLength: 28))
    #expect(block.description == "10.80.15.0-10.80.15.15" && block.count == 16)
    #expect(block.addresses.map(\.description).last == "10.80.15.15")
    let all = try #require(IPRange(.v6(.any), prefixLength: 0))
    #expect(all.count == .max && all.contains(.v6(.loopback)) && !all.contains(.v4(.any)))
    #expect(IPRange(.v4(.any), prefixLength: 33) == nil && IPRange(.v6(.any), .v4(.any)) == nil)
    #expect(IPRange(.v4(.broadcast), .v4(.any)) == nil)
  }

  @Test(arguments: [
    "0.1.2.3", "127.0.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "ff02::1", "fe80::1",
    "::ffff:1.2.3.4", "100::1",
  ])
  func notAnnounceable(text: String) throws {
    #expect(try #require(IPAddress(text)).reasonNotAnnounceable != nil)
  }

  @Test(arguments: ["10.80.8.150", "192.0.2.1", "2001:db8::10", "fd00::1"])
  func announceable(text: String) throws {
    #expect(try #require(IPAddress(text)).reasonNotAnnounceable == nil)
  }
}
