internal import CLinux
internal import CPcap
internal import Glibc
package import LinuxSystem

/// A libpcap capture on one link: what passes a filter expression. Whole frames can be sent through
/// it too.
///
/// For the tools that look at the LAN (`announcer probe`, `announcer capture`); the daemon's own
/// answers take the direct way. It opens the interface no further than it is: what is heard here is
/// what the daemon could hear.
@safe package struct LinkCapture: ~Copyable {
  private let handle: OpaquePointer
  private let link: String

  /// Which of the frames on the link.
  package enum Direction: Sendable {
    case incoming
    /// What this machine sends, this program included.
    case outgoing
  }

  /// One frame.
  package struct Packet: Sendable {
    /// Nanoseconds of the time of day since 1970.
    package var time: Int64
    /// Octets on the wire.
    package var length: Int
    /// As many of them as are kept.
    package var octets: [UInt8]
  }

  /// - Parameters:
  ///   - filter: `pcap-filter(7)`.
  ///   - snapshotLength: octets kept of each frame; the default is more than any message we read.
  ///   - bufferLength: octets that the kernel keeps for us while we are busy; nil for libpcap's 2 MiB.
  /// - Throws: `SystemError`, EPERM without CAP_NET_RAW, ENODEV where there is no such link, ENETDOWN
  ///   where it is down, EINVAL for a filter that does not compile.
  package init(
    link: String, _ direction: Direction = .incoming, filter: String, snapshotLength: Int32 = 512,
    bufferLength: Int32? = nil
  ) throws(SystemError) {
    unsafe handle = try unsafe Self.open(link, direction, filter, snapshotLength, bufferLength)
    self.link = link
  }

  private static func open(
    _ link: String, _ direction: Direction, _ filter: String, _ snapshotLength: Int32,
    _ bufferLength: Int32?
  ) throws(SystemError) -> OpaquePointer {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe pcap_create(link, &message) else {
      throw SystemError(call: "pcap_create", subject: link, code: ENODEV)
    }
    unsafe pcap_set_snaplen(handle, snapshotLength)
    unsafe pcap_set_promisc(handle, 0)
    if let bufferLength { unsafe pcap_set_buffer_size(handle, bufferLength) }
    unsafe pcap_set_tstamp_precision(handle, Int32(PCAP_TSTAMP_PRECISION_NANO))
    // Without it, a frame waits until a buffer is full or a time-out has passed.
    unsafe pcap_set_immediate_mode(handle, 1)
    let status = unsafe pcap_activate(handle)
    guard status >= 0 else {
      unsafe pcap_close(handle)
      let code =
        switch status {
        case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED: EPERM
        case PCAP_ERROR_NO_SUCH_DEVICE: ENODEV
        case PCAP_ERROR_IFACE_NOT_UP: ENETDOWN
        default: EIO
        }
      throw SystemError(call: "pcap_activate", subject: link, code: code)
    }
    // Not by `inbound` in the filter: while libpcap applies a new one to what its ring may have held
    // before, which it does to the first frames, it cannot tell, and loses them.
    unsafe pcap_setdirection(handle, direction == .incoming ? PCAP_D_IN : PCAP_D_OUT)
    unsafe pcap_setnonblock(handle, 1, &message)
    var program = unsafe bpf_program()
    guard unsafe pcap_compile(handle, &program, filter, 1, bpf_u_int32.max) == 0 else {
      unsafe pcap_close(handle)
      throw SystemError(call: "pcap_compile", subject: filter, code: EINVAL)
    }
    defer { unsafe pcap_freecode(&program) }
    guard unsafe pcap_setfilter(handle, &program) == 0 else {
      unsafe pcap_close(handle)
      throw SystemError(call: "pcap_setfilter", subject: filter, code: EINVAL)
    }
    return unsafe handle
  }

  deinit { unsafe pcap_close(handle) }

  /// To poll for POLLIN.
  package var fileDescriptor: Int32 { unsafe pcap_get_selectable_fd(handle) }

  /// Whether the link is there. libpcap keeps to itself that a link went down which is there a moment
  /// longer, and nothing is heard of its end.
  package var hasLink: Bool {
    var address = sockaddr_ll()
    var length = socklen_t(MemoryLayout<sockaddr_ll>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(fileDescriptor, $0, &length)
      }
    }
    return status == 0 && address.sll_ifindex > 0
  }

  /// Sends a whole Ethernet frame.
  package borrowing func send(_ octets: [UInt8]) throws(SystemError) {
    guard unsafe pcap_inject(handle, octets, octets.count) == octets.count else {
      throw SystemError(call: "pcap_inject", subject: link, code: errno)
    }
  }

  /// The next frame that waits; nil where none does.
  ///
  /// - Throws: ENETDOWN where the link went down or away.
  package borrowing func next() throws(SystemError) -> Packet? {
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    switch unsafe pcap_next_ex(handle, &header, &data) {
    case 0: return nil
    case 1:
      guard let header = unsafe header, let data = unsafe data else { return nil }
      let time = unsafe header.pointee.ts
      return Packet(
        // The microseconds are nanoseconds here: that is the precision that was asked for.
        time: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_usec),
        length: unsafe Int(header.pointee.len),
        octets: unsafe Array(
          UnsafeBufferPointer(start: data, count: Int(header.pointee.caplen))))
    default: throw SystemError(call: "pcap_next_ex", subject: link, code: ENETDOWN)
    }
  }

  /// Frames that the kernel had no room for since the capture began.
  package borrowing func dropCount() -> UInt64 {
    var statistics = pcap_stat()
    guard unsafe pcap_stats(handle, &statistics) == 0 else { return 0 }
    return UInt64(statistics.ps_drop)
  }
}
