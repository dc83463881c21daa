import Wire

/// An ARP frame as a test wants it, right or wrong; nothing here comes from the codecs under test.
struct ARPFrame {
  var destination = MACAddress.broadcast
  var source: MACAddress
  var etherType = 0x0806
  var hardwareType = 1
  var protocolType = 0x0800
  var hardwareLength = 6
  var protocolLength = 4
  var operation = 1
  var senderHardware: MACAddress
  var sender: IPv4Address
  var targetHardware = MACAddress.zero
  var target: IPv4Address

  /// A request for `target`, by the station `source`.
  init(whoHas target: IPv4Address, tell sender: IPv4Address, at source: MACAddress) {
    self.source = source
    senderHardware = source
    self.sender = sender
    self.target = target
  }

  /// 42 octets: no padding.
  var octets: [UInt8] {
    destination.octets + source.octets + bigEndian(etherType, 2) + payload
  }

  var payload: [UInt8] {
    bigEndian(hardwareType, 2) + bigEndian(protocolType, 2)
      + [UInt8(hardwareLength), UInt8(protocolLength)] + bigEndian(operation, 2)
      + senderHardware.octets + bigEndian(Int(sender.rawValue), 4)
      + targetHardware.octets + bigEndian(Int(target.rawValue), 4)
  }
}

/// A neighbour discovery frame as a test wants it, right or wrong.
struct NeighbourFrame {
  var ethernetDestination: MACAddress
  var ethernetSource: MACAddress
  /// Version 6, traffic class, flow label.
  var firstWord = 0x6000_0000
  var hopLimit = 255
  var source: IPv6Address
  var destination: IPv6Address
  var type = 135
  var code = 0
  /// Of a solicitation reserved, of an advertisement the flags.
  var flags = 0
  var target: IPv6Address
  /// Whole options, type and length included.
  var options: [[UInt8]]
  /// What is added to the right checksum.
  var checksumError = 0
  /// Octets between the IPv6 header and the message, and the next header that names them.
  var extensionHeader: (nextHeader: UInt8, octets: [UInt8])?
  /// The message is cut to this many octets, its length and checksum accordingly.
  var cut: Int?
  var trailer: [UInt8] = []

  /// A solicitation for `target` to its solicited-node group, with a source link-layer option.
  init(whoHas target: IPv6Address, tell source: IPv6Address, at mac: MACAddress) {
    self.target = target
    self.source = source
    destination = solicitedNode(target)
    ethernetDestination = groupHardwareAddress(destination)
    ethernetSource = mac
    options = [[1, 1] + mac.octets]
  }

  /// An unsolicited advertisement of `target` by the station `mac`.
  init(advertising target: IPv6Address, at mac: MACAddress) {
    self.init(whoHas: target, tell: target, at: mac)
    type = 136
    flags = 0x20
    destination = IPv6Address("ff02::1")!
    ethernetDestination = groupHardwareAddress(destination)
    options = [[2, 1] + mac.octets]
  }

  var octets: [UInt8] {
    var message =
      [UInt8(type), UInt8(code), 0, 0, UInt8(flags), 0, 0, 0] + target.octets + options.joined()
    if let cut { message = Array(message[..<cut]) }
    let sum = (internetChecksum(source, destination, message) + checksumError) & 0xffff
    message.replaceSubrange(2..<4, with: bigEndian(sum, 2))
    let payload = (extensionHeader?.octets ?? []) + message
    return ethernetDestination.octets + ethernetSource.octets + bigEndian(0x86dd, 2)
      + bigEndian(firstWord, 4) + bigEndian(payload.count, 2)
      + [extensionHeader?.nextHeader ?? 58, UInt8(hopLimit)] + source.octets + destination.octets
      + payload + trailer
  }
}

/// ff02::1:ffxx:xxxx with the low 24 bits of `address` (RFC 4291 §2.7.1).
func solicitedNode(_ address: IPv6Address) -> IPv6Address {
  IPv6Address(
    rawValue: IPv6Address("ff02::1:ff00:0")!.rawValue | address.rawValue & 0xff_ffff)
}

/// 33:33 and the group's low 32 bits (RFC 2464 §7).
func groupHardwareAddress(_ group: IPv6Address) -> MACAddress {
  MACAddress(rawValue: 0x3333_0000_0000 | UInt64(group.rawValue & 0xffff_ffff))
}

/// A frame with an 802.1Q tag put in: priority 5 and this VLAN.
func tagged(_ frame: [UInt8], vlan: Int, tag: Int = 0x8100) -> [UInt8] {
  frame[..<12] + bigEndian(tag, 2) + bigEndian(5 << 13 | vlan, 2) + frame[12...]
}

/// The low `count` octets of a number, the highest first.
func bigEndian(_ number: Int, _ count: Int) -> [UInt8] {
  (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
}

extension MACAddress {
  var octets: [UInt8] { bigEndian(Int(rawValue), 6) }
}

extension IPv6Address {
  fileprivate var octets: [UInt8] {
    (0..<16).reversed().map { UInt8(truncatingIfNeeded: rawValue >> (8 * $0)) }
  }
}

/// RFC 1071 over the message and the pseudo-header of RFC 8200 §8.1.
private func internetChecksum(
  _ source: IPv6Address, _ destination: IPv6Address, _ message: [UInt8]
) -> Int {
  var octets = source.octets + destination.octets + bigEndian(message.count, 4) + [0, 0, 0, 58]
  octets += message
  if octets.count % 2 == 1 { octets.append(0) }
  var sum = stride(from: 0, to: octets.count, by: 2).reduce(0) {
    $0 + Int(octets[$1]) << 8 + Int(octets[$1 + 1])
  }
  while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
  return ~sum & 0xffff
}
