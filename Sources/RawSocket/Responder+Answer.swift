internal import Announcer
internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import Synchronization
internal import Time

extension Responder {
  /// The longest frame that is read whole; a solicitation with more options than this is cut, and
  /// then counted as truncated.
  private static let bufferLength = 2048
  /// Frames that are read from one socket before the other has its turn.
  private static let turn = 256
  /// Answers requests until `stop`: the body of the one thread of the hot path.
  ///
  /// It sleeps in `poll(2)`, reads until nothing waits, and allocates nothing on the way.
  package func answer() {
    // Beside a control plane at work, or anything else on a busy node, a thread that runs for some
    // microseconds at a time should not wait for others to use up their milliseconds.
    _ = clinux_want_short_slices(100_000)
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.bufferLength, alignment: 16)
    defer { unsafe buffer.deallocate() }
    var descriptors: [3 of pollfd] = [
      pollfd(fd: arp.fileDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: neighbors.fileDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wake.fileDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    var policy = SpinPolicy()
    while !isStopping.load(ordering: .acquiring) {
      heartbeat.add(1, ordering: .relaxed)
      var hasAnswered = unsafe drain(arp, buffer)
      if unsafe drain(neighbors, buffer) { hasAnswered = true }
      let now = Instant.now
      if hasAnswered {
        policy.answered(at: now)
      } else if !policy.shouldSpin(at: now), sleep(&descriptors) > 0, descriptors[2].revents != 0 {
        wake.clear()
      }
    }
  }

  /// Sleeps until one of `descriptors` has something to say; how many have.
  private func sleep(_ descriptors: inout [3 of pollfd]) -> Int32 {
    var span = descriptors.mutableSpan
    return unsafe span.withUnsafeMutableBufferPointer { descriptors in
      unsafe poll(descriptors.baseAddress, 3, -1)
    }
  }

  /// Answers what waits in `socket`, a turn's worth at most: a flood on one keeps the other's askers waiting
  /// no longer.
  ///
  /// - Returns: whether any answer left.
  @inline(__always)
  private func drain(
    _ socket: borrowing PacketSocket, _ buffer: UnsafeMutableRawBufferPointer
  ) -> Bool {
    var hasAnswered = false
    var arrival = clinux_arrival()
    var left = Self.turn
    while left > 0, let length = unsafe socket.receive(into: buffer, &arrival) {
      left -= 1
      let frame = unsafe Span<UInt8>(
        _unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[..<length]))
      let now = Instant.now
      let from = Arrival(arrival, now: now)
      state.withLock { state in
        switch state.table.verdict(on: frame, from: from, now: now) {
        case .reply(let reply, let slot):
          if send(reply, on: arrival.interface_index) {
            state.counts[Int(slot)].answers &+= 1
            state.counts[Int(slot)].lastAnswerAt = arrival.timestamp
            state.links.count(.answered, on: arrival.interface_index)
            hasAnswered = true
          } else {
            state.links.count(.sendErrors, on: arrival.interface_index)
            state.links.count(Reason.sendFailed, on: arrival.interface_index)
          }
        case .ignore(let reason): state.links.count(reason, on: arrival.interface_index)
        // The watching sockets hear it too, and act on it.
        case .conflict: state.links.count(Reason.conflict, on: arrival.interface_index)
        }
      }
    }
    return hasAnswered
  }

  /// Listens for foreign stations that assert our addresses, until `stop`. A thread of its own:
  /// what it does about them may take its time.
  package func watch() {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.bufferLength, alignment: 16)
    defer { unsafe buffer.deallocate() }
    var descriptors: [3 of pollfd] = [
      pollfd(fd: arpWatch.fileDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: neighborWatch.fileDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: watchStop.fileDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    while !isStopping.load(ordering: .acquiring) {
      unsafe watch(arpWatch, buffer)
      unsafe watch(neighborWatch, buffer)
      _ = sleep(&descriptors)
    }
  }

  /// A storm on one socket keeps the thread neither from the other one nor from its end.
  private func watch(_ socket: borrowing PacketSocket, _ buffer: UnsafeMutableRawBufferPointer) {
    var arrival = clinux_arrival()
    var left = Self.turn
    while left > 0, let length = unsafe socket.receive(into: buffer, &arrival) {
      left -= 1
      let frame = unsafe Span<UInt8>(
        _unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[..<length]))
      let now = Instant.now
      let from = Arrival(arrival, now: now)
      let verdict = state.withLock { $0.table.verdict(on: frame, from: from, now: now) }
      if case .conflict(let address, let hardwareAddress) = verdict {
        conflicts.record(
          address, hardwareAddress, on: arrival.interface_index, at: from.receivedAt)
      }
    }
  }
}

extension Arrival {
  /// Translates the kernel's time of day into the boot clock by the frame's age.
  @inline(__always)
  init(_ arrival: clinux_arrival, now: Instant) {
    let age = wallClockNanoseconds() &- arrival.timestamp
    self.init(
      interfaceIndex: arrival.interface_index,
      packetType: PacketType(rawValue: arrival.packet_type) ?? .outgoing,
      receivedAt: Instant(nanoseconds: now.nanoseconds &- age))
  }
}
