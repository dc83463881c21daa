internal import FoundationEssentials
internal import LANTestKit

/// Writes frames as a capture file that tcpdump and wireshark read (pcap-savefile(5)), with
/// nanoseconds, in the byte order of this machine.
enum PcapFile {
  static func write(_ frames: [CapturedFrame], to path: String) throws {
    var octets: [UInt8] = []
    func append(_ words: UInt32...) {
      for word in words { octets += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
    // Magic of nanosecond files, version 2.4, two words of zero, the limit, LINKTYPE_ETHERNET.
    append(0xa1b2_3c4d, 4 << 16 | 2, 0, 0, 65535, 1)
    for frame in frames {
      let (seconds, nanoseconds) = frame.wallClock.quotientAndRemainder(dividingBy: 1_000_000_000)
      let length = UInt32(frame.octets.count)
      append(UInt32(truncatingIfNeeded: seconds), UInt32(nanoseconds), length, length)
      octets += frame.octets
    }
    try Data(octets).write(to: URL(filePath: path))
  }
}
