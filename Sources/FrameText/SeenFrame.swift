/// A frame as a capture saw it.
package struct SeenFrame: Hashable, Sendable {
  /// Nanoseconds of the time of day since 1970, by the kernel's own stamp.
  package var time: Int64
  package var interface: String
  /// Whether this machine sent it.
  package var isOutgoing: Bool
  /// Its length on the wire, its check sequence not counted.
  package var length: Int
  /// From the destination address on; fewer than `length` where the capture cut it.
  package var octets: [UInt8]

  package init(
    time: Int64, interface: String, isOutgoing: Bool, length: Int? = nil, octets: [UInt8]
  ) {
    self.time = time
    self.interface = interface
    self.isOutgoing = isOutgoing
    self.length = length ?? octets.count
    self.octets = octets
  }
}
