internal import Cluster
internal import Wire

/// What no node may announce (`IPAddress.reasonNotAnnounceable`), as ranges: a pool may have them in a wide
/// prefix, and nobody is served by getting one (pools.md §3.6).
enum Unannounceable {
  static let ranges: [IPRange] = v4 + v6

  private static let v4: [IPRange] = [
    (UInt32(0), UInt32(0x00ff_ffff)), (0x7f00_0000, 0x7fff_ffff), (0xe000_0000, 0xffff_ffff),
  ].compactMap { lower, upper in
    IPRange(.v4(IPv4Address(rawValue: lower)), .v4(IPv4Address(rawValue: upper)))
  }

  /// By their first address and the length of the prefix.
  private static let v6: [IPRange] = [
    (UInt128(0), 127), (UInt128(0x0100) << 112, 64), (UInt128(0xffff) << 32, 96),
    (UInt128(0xfe80) << 112, 10), (UInt128(0xff00) << 112, 8),
  ].compactMap { first, length in
    IPRange(.v6(IPv6Address(rawValue: first)), prefixLength: length)
  }
}
