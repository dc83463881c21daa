package import Announcer
internal import CLinux
internal import Glibc
package import LinuxSystem
internal import Synchronization
internal import Time
package import Wire

/// Asks the LAN for addresses that this node does not announce, and listens for stations that have them.
///
/// It has no gate, because it can assert nothing: its questions have no sender in IPv4, and in IPv6 the link's
/// own.
package final class Scout: Sendable {
  private let table = Mutex(ClaimTable())
  private let filtered = Mutex(Filtered())
  private let arp: PacketSocket
  private let neighbors: PacketSocket
  private let stopSignal: StopSignal
  package let answers = ConflictLog()

  /// What the kernel's filters stand for.
  private struct Filtered: Equatable {
    var addresses: Set<IPAddress> = []
    var interfaces: [Int32] = []
  }

  private static let bufferLength = 2048
  /// Frames that are read from one socket before the other has its turn.
  private static let turn = 256

  /// - Throws: EPERM where the process lacks CAP_NET_RAW.
  package init() throws(SystemError) {
    arp = try PacketSocket(protocolNumber: EthernetHeader.arp)
    neighbors = try PacketSocket(protocolNumber: EthernetHeader.ipv6)
    stopSignal = try StopSignal()
  }

  /// Makes `claims` the whole of what is listened for.
  ///
  /// - Parameter ownHardwareAddresses: of every link of this node.
  /// - Throws: where the kernel refuses the filters.
  package func replace(
    _ claims: [Claim], links: [LinkContext], ownHardwareAddresses: [MACAddress]
  ) throws(SystemError) {
    let entries = claims.map { (claim: $0, slot: Int32(0), openedAt: Instant.distantPast) }
    let new = ClaimTable(
      claims: entries, links: links, ownHardwareAddresses: ownHardwareAddresses,
      deadline: .distantPast)
    table.withLock { $0 = new }
    let wanted = Filtered(
      addresses: Set(claims.map(\.address)), interfaces: links.map(\.interfaceIndex).sorted())
    let failure: SystemError? = filtered.withLock { filtered in
      guard filtered != wanted else { return nil }
      do throws(SystemError) {
        try attach(.arpSenders, to: arp, wanted)
        try attach(.neighborClaims, to: neighbors, wanted)
        filtered = wanted
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  private func attach(
    _ interest: FrameFilter.Interest, to socket: borrowing PacketSocket, _ wanted: Filtered
  ) throws(SystemError) {
    guard !wanted.addresses.isEmpty else { return try socket.attach([.reject]) }
    try socket.attach(
      FrameFilter(interest, addresses: wanted.addresses, interfaces: wanted.interfaces).program)
  }

  /// Asks for one of the claims.
  ///
  /// - Returns: whether the question left.
  @discardableResult
  package func ask(for claim: Claim) -> Bool {
    guard let frame = table.withLock({ $0.quietQuestion(about: claim) }) else { return false }
    let octets = [UInt8](capacity: frame.length) { frame.write(into: &$0) }
    let type = frame.etherType
    let socket = type == EthernetHeader.arp ? arp.fileDescriptor : neighbors.fileDescriptor
    return unsafe octets.withUnsafeBytes { bytes in
      unsafe clinux_send_frame(
        socket, bytes.baseAddress, bytes.count, claim.interfaceIndex, type) == bytes.count
    }
  }

  /// Listens until `stop`; what it hears is in `answers`.
  package func listen() {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.bufferLength, alignment: 16)
    defer { unsafe buffer.deallocate() }
    var sources = [
      pollfd(fd: arp.fileDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: neighbors.fileDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: stopSignal.fileDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    while !stopSignal.isRaised {
      unsafe listen(arp, buffer)
      unsafe listen(neighbors, buffer)
      _ = unsafe poll(&sources, 3, -1)
    }
  }

  private func listen(_ socket: borrowing PacketSocket, _ buffer: UnsafeMutableRawBufferPointer) {
    var arrival = clinux_arrival()
    var left = Self.turn
    while left > 0, let length = unsafe socket.receive(into: buffer, &arrival) {
      left -= 1
      let frame = unsafe Span<UInt8>(
        _unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[..<length]))
      let now = Instant.now
      let from = Arrival(arrival, now: now)
      let verdict = table.withLock { $0.verdict(on: frame, from: from, now: now) }
      if case .conflict(let address, let hardwareAddress) = verdict {
        answers.record(address, hardwareAddress, on: arrival.interface_index, at: from.receivedAt)
      }
    }
  }

  /// Ends `listen`. Safe from any thread.
  package func stop() { stopSignal.raise() }
}
