internal import Cluster
internal import Wire

/// What no node may announce (`IPAddress.reasonNotAnnounceable`), as ranges: a pool may have them in a wide
/// prefix, and nobody is served by getting one.
enum Unannounceable {
  static let ranges: [IPRange] = [
    (IPFamily.ipv4, UInt128(0), UInt128(0x00ff_ffff)),
    (.ipv4, 0x7f00_0000, 0x7fff_ffff),
    (.ipv4, 0xe000_0000, 0xffff_ffff),
    (.ipv6, 0, 1),
    (.ipv6, 0xffff << 32, 0xffff << 32 | 0xffff_ffff),
    (.ipv6, 0xfe80 << 112, 0xfec0 << 112 - 1),
    (.ipv6, 0xff00 << 112, .max),
  ].compactMap { family, lower, upper in
    IPRange(family.address(lower), family.address(upper))
  }
}
