internal import CLinux
internal import CPcap
internal import Glibc
package import LinuxSystem

/// A libpcap capture on one link: what comes in and passes a filter expression. Whole frames can
/// be sent through it too.
///
/// For the tools that ask the LAN (`announcer probe`); the daemon's own answers take the direct way.
@safe package struct LinkCapture: ~Copyable {
  private let handle: OpaquePointer
  private let link: String

  /// Octets kept of each frame: more than any message we read.
  private static let snapshotLength: Int32 = 512

  /// - Parameter filter: `pcap-filter(7)`.
  /// - Throws: `SystemError`, EPERM without CAP_NET_RAW, ENODEV where there is no such link.
  package init(link: String, filter: String) throws(SystemError) {
    unsafe handle = try unsafe Self.open(link, filter)
    self.link = link
  }

  private static func open(
    _ link: String, _ filter: String
  ) throws(SystemError) -> OpaquePointer {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe pcap_create(link, &message) else {
      throw SystemError(call: "pcap_create", subject: link, code: ENODEV)
    }
    unsafe pcap_set_snaplen(handle, snapshotLength)
    unsafe pcap_set_promisc(handle, 0)
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
    unsafe pcap_setdirection(handle, PCAP_D_IN)
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

  /// Sends a whole Ethernet frame.
  package borrowing func send(_ octets: [UInt8]) throws(SystemError) {
    guard unsafe pcap_inject(handle, octets, octets.count) == octets.count else {
      throw SystemError(call: "pcap_inject", subject: link, code: errno)
    }
  }

  /// The next frame that waits; nil where none does.
  package borrowing func next() -> [UInt8]? {
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    guard unsafe pcap_next_ex(handle, &header, &data) == 1, let header = unsafe header,
      let data = unsafe data
    else { return nil }
    return unsafe Array(UnsafeBufferPointer(start: data, count: Int(header.pointee.caplen)))
  }
}
