import Wire

/// The text forms of addresses: whatever is read must be written as something that reads as the
/// same again.
func fuzz(_ input: Span<UInt8>) {
  let text = String(decoding: octets(input), as: UTF8.self)
  if let address = IPv4Address(text) {
    precondition(IPv4Address(address.description) == address)
  }
  if let address = IPv6Address(text) {
    precondition(IPv6Address(address.description) == address)
  }
  if let address = MACAddress(text) {
    precondition(MACAddress(address.description) == address)
  }
  if let address = IPAddress(text) {
    precondition(IPAddress(address.description) == address)
    _ = address.reasonNotAnnounceable
  }
}
