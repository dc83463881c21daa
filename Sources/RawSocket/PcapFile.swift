internal import CLinux
internal import CPcap
package import FrameText
internal import Glibc
package import LinuxSystem

/// A capture file as tcpdump and Wireshark read it (`pcap-savefile(5)`): Ethernet, nanoseconds.
@safe package struct PcapFile: ~Copyable {
  private let path: String
  private let parts: Parts

  /// What libpcap and the C library keep of an open file.
  @safe private struct Parts {
    let handle: OpaquePointer
    let dumper: OpaquePointer
    let stream: UnsafeMutablePointer<FILE>

    /// `pcap_dump` itself reports nothing.
    func flush(_ path: String) throws(SystemError) {
      guard unsafe pcap_dump_flush(dumper) == 0, unsafe ferror(stream) == 0 else {
        throw SystemError(call: "write", subject: path, code: errno)
      }
    }

    func close() {
      unsafe pcap_dump_close(dumper)
      unsafe pcap_close(handle)
    }
  }

  /// Makes the file, or empties it; `-` is standard output.
  ///
  /// - Throws: what `open(2)` and `write(2)` say; the subject is the path.
  package init(_ path: String, snapshotLength: Int32) throws(SystemError) {
    let parts = try Self.open(path, snapshotLength)
    do throws(SystemError) {
      try parts.flush(path)
    } catch {
      parts.close()
      throw error
    }
    self.parts = parts
    self.path = path
  }

  private static func open(
    _ path: String, _ snapshotLength: Int32
  ) throws(SystemError) -> Parts {
    guard let stream = unsafe path == "-" ? fdopen(1, "w") : fopen(path, "we") else {
      throw SystemError(call: "open", subject: path, code: errno)
    }
    guard
      let handle = unsafe pcap_open_dead_with_tstamp_precision(
        DLT_EN10MB, snapshotLength, UInt32(PCAP_TSTAMP_PRECISION_NANO))
    else { throw SystemError(call: "pcap_open_dead", subject: path, code: ENOMEM) }
    guard let dumper = unsafe pcap_dump_fopen(handle, stream) else {
      let code = errno
      unsafe pcap_close(handle)
      throw SystemError(call: "write", subject: path, code: code)
    }
    return unsafe Parts(handle: handle, dumper: dumper, stream: stream)
  }

  deinit { parts.close() }

  /// Adds a frame, at once: who reads the file while it grows sees whole frames.
  package borrowing func write(_ frame: SeenFrame) throws(SystemError) {
    var header = pcap_pkthdr()
    header.ts.tv_sec = Int(frame.time / 1_000_000_000)
    header.ts.tv_usec = Int(frame.time % 1_000_000_000)
    header.caplen = bpf_u_int32(frame.octets.count)
    header.len = bpf_u_int32(frame.length)
    unsafe frame.octets.withUnsafeBufferPointer { octets in
      unsafe pcap_dump(
        UnsafeMutableRawPointer(parts.dumper).assumingMemoryBound(to: UInt8.self), &header,
        octets.baseAddress)
    }
    try parts.flush(path)
  }
}
