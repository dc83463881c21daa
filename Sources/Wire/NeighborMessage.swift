/// What solicitation and advertisement share on the wire: the same 24 octets, one option.
struct NeighborMessage {
  var type: UInt8
  var flags: UInt8
  var target: IPv6Address
  var optionType: UInt8
  var linkLayerAddress: MACAddress?

  /// Writes IPv6 header, ICMPv6 header with its checksum, target and option.
  @inline(__always)
  func write(
    from source: IPv6Address, to destination: IPv6Address, into output: inout OutputSpan<UInt8>
  ) {
    let length: UInt16 = linkLayerAddress == nil ? 24 : 32
    output.append(0x6000_0000 as UInt32)
    output.append(length)
    output.append(ICMPv6Header.icmpv6)
    output.append(ICMPv6Header.hopLimit)
    output.append(source)
    output.append(destination)

    output.append(type)
    output.append(0 as UInt8)
    output.append(checksum(from: source, to: destination, length: length))
    output.append(flags)
    output.append(0 as UInt8)
    output.append(0 as UInt16)
    output.append(target)
    if let linkLayerAddress {
      output.append(optionType)
      output.append(1 as UInt8)
      output.append(linkLayerAddress)
    }
  }

  @inline(__always)
  private func checksum(
    from source: IPv6Address, to destination: IPv6Address, length: UInt16
  ) -> UInt16 {
    var sum = Checksum()
    sum.addPseudoHeader(source: source, destination: destination, length: UInt32(length))
    sum.add(UInt32(type) << 24)
    sum.add(UInt32(flags) << 24)
    sum.add(target)
    if let linkLayerAddress {
      let high = UInt32(truncatingIfNeeded: linkLayerAddress.rawValue >> 32)
      sum.add(UInt32(optionType) << 24 | 1 << 16 | high)
      sum.add(UInt32(truncatingIfNeeded: linkLayerAddress.rawValue))
    }
    return sum.value
  }
}
