internal import CMnl
internal import Wire

/// The attributes (`struct nlattr`) in a run of octets, walked with libmnl.
///
/// libmnl's iterators are macros that Swift cannot import, and stop silently at an attribute that
/// does not fit; here that makes the whole run malformed. Valid while the receive buffer is.
@unsafe struct Attributes {
  let start: UnsafePointer<nlattr>
  let length: Int

  init(start: UnsafePointer<nlattr>, length: Int) {
    unsafe self.start = start
    unsafe self.length = length
  }

  /// The octets behind `offset` octets of a message's payload; nil where it is shorter than that.
  init?(of header: UnsafePointer<nlmsghdr>, offset: Int) {
    let payload = unsafe mnl_nlmsg_get_payload_len(header)
    let aligned = offset + 3 & ~3
    guard payload >= offset else { return nil }
    unsafe start = UnsafePointer(
      unsafe mnl_nlmsg_get_payload_offset(header, offset).assumingMemoryBound(to: nlattr.self))
    unsafe length = max(0, payload - aligned)
  }

  /// The attributes inside `attribute`.
  init(in attribute: UnsafePointer<nlattr>) {
    unsafe start = UnsafePointer(
      unsafe mnl_attr_get_payload(attribute).assumingMemoryBound(to: nlattr.self))
    unsafe length = Int(mnl_attr_get_payload_len(attribute))
  }

  /// Calls `body` with each attribute and its type, without the flag bits.
  ///
  /// - Throws: `Malformed` where an attribute does not fit, and whatever `body` throws.
  func walk(
    _ body: (_ type: Int, _ attribute: UnsafePointer<nlattr>) throws(Malformed) -> Void
  ) throws(Malformed) {
    var rest = unsafe length
    var current = unsafe start
    while rest > 0 {
      guard unsafe mnl_attr_ok(current, Int32(clamping: rest)) else { throw Malformed() }
      try unsafe body(Int(mnl_attr_get_type(current)), current)
      // The last attribute may lack its padding: then `rest` ends below zero.
      rest -= unsafe (Int(current.pointee.nla_len) + 3) & ~3
      unsafe current = UnsafePointer(unsafe mnl_attr_next(current))
    }
  }
}

/// A message whose lengths contradict each other: it is ignored as a whole and counted.
struct Malformed: Error {}

/// A value of fixed size in an attribute; longer is tolerated, since the kernel extends structures.
func number<Value: FixedWidthInteger & BitwiseCopyable>(
  _ attribute: UnsafePointer<nlattr>, at offset: Int = 0, as type: Value.Type = Value.self
) throws(Malformed) -> Value {
  guard unsafe Int(mnl_attr_get_payload_len(attribute)) >= offset + MemoryLayout<Value>.size else {
    throw Malformed()
  }
  return unsafe UnsafeRawPointer(mnl_attr_get_payload(attribute))
    .loadUnaligned(fromByteOffset: offset, as: Value.self)
}

/// Text up to its NUL, or to the end of the attribute.
func text(_ attribute: UnsafePointer<nlattr>) -> String {
  let octets = unsafe UnsafeRawBufferPointer(
    start: mnl_attr_get_payload(attribute), count: Int(mnl_attr_get_payload_len(attribute)))
  return unsafe String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
}

/// An address of four or sixteen octets, as `family` (AF_INET 2, AF_INET6 10) has it.
func address(_ attribute: UnsafePointer<nlattr>, family: UInt8) throws(Malformed) -> IPAddress {
  if family == 2 {
    return .v4(IPv4Address(rawValue: try unsafe number(attribute, as: UInt32.self).bigEndian))
  }
  return .v6(IPv6Address(rawValue: try unsafe number(attribute, as: UInt128.self).bigEndian))
}
