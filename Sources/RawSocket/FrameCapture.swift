internal import CLinux
package import FrameText
internal import Glibc
package import LinuxSystem

/// Captures ARP and neighbour discovery on some links, both ways, in the order of time: what
/// `announcer capture` shows.
package struct FrameCapture: ~Copyable {
  /// What there was to see.
  package struct Count: Hashable, Sendable {
    package var seen: UInt64 = 0
    /// The kernel had no room for these.
    package var dropped: UInt64 = 0
  }

  private let taps: [Tap]
  private let interest: CaptureInterest

  /// One link, one direction.
  private final class Tap {
    let link: String
    let isOutgoing: Bool
    let capture: LinkCapture

    init(_ link: String, isOutgoing: Bool, _ filter: String, buffer: Int32) throws(SystemError) {
      self.link = link
      self.isOutgoing = isOutgoing
      capture = try LinkCapture(
        link: link, isOutgoing ? .outgoing : .incoming, filter: filter,
        snapshotLength: FrameCapture.snapshotLength, bufferLength: buffer)
    }
  }

  /// A whole Ethernet frame with two tags.
  package static let snapshotLength: Int32 = 1522
  /// Frames taken of one tap before the others have their turn.
  private static let burst = 4096

  /// How long a link may be gone before it is noticed, where nothing tells; in ms.
  private static let lookInterval: Int32 = 500

  /// Begins to capture; what comes before `run` is kept.
  ///
  /// - Throws: as `LinkCapture`; the subject is the link.
  package init(links: [String], interest: CaptureInterest) throws(SystemError) {
    self.interest = interest
    // As much memory as tcpdump takes for each, on a node with few links; bounded on one with many.
    let share = (32 << 20) / max(1, 2 * links.count)
    let buffer = Int32(min(4 << 20, max(256 << 10, share)))
    var taps: [Tap] = []
    for link in links {
      for isOutgoing in [false, true] {
        taps.append(
          try Tap(link, isOutgoing: isOutgoing, interest.expression, buffer: buffer))
      }
    }
    self.taps = taps
  }

  /// Hands every frame to `take` until that wants no more, or `stop` is raised. Blocks the calling
  /// thread.
  ///
  /// - Parameters:
  ///   - take: whether to go on; may throw what ends the capture.
  ///   - lost: told once of each link that goes down or away; the others go on.
  /// - Throws: what `take` throws; ENETDOWN when no link is left.
  package consuming func run(
    until stop: StopSignal, lost: (SystemError) -> Void,
    _ take: (SeenFrame) throws(SystemError) -> Bool
  ) throws(SystemError) -> Count {
    var live = taps
    var order = FrameOrder()
    var count = Count()
    var isEnding = false
    while true {
      var descriptors = [pollfd(fd: stop.fileDescriptor, events: Int16(POLLIN), revents: 0)]
      for tap in live {
        descriptors.append(
          pollfd(fd: tap.capture.fileDescriptor, events: Int16(POLLIN), revents: 0))
      }
      _ = unsafe poll(
        &descriptors, nfds_t(descriptors.count), order.isWaiting ? 1 : Self.lookInterval)
      let isStopped = descriptors[0].revents != 0
      var start = wallClockNanoseconds()
      var frames: [SeenFrame] = []
      var gone: SystemError?
      for tap in live {
        do throws(SystemError) {
          if let last = try drain(tap, into: &frames) {
            start = min(start, last)
          } else if !tap.capture.hasLink {
            throw SystemError(call: "getsockname", subject: tap.link, code: ENETDOWN)
          }
        } catch {
          if !(gone?.subject == error.subject) { lost(error) }
          gone = error
          // Its count is lost with it otherwise.
          count.dropped += tap.capture.dropCount()
          live.removeAll { $0 === tap }
        }
      }
      for frame in order.round(frames, startedAt: start) where interest.includes(frame) {
        count.seen += 1
        guard try take(frame) else { return total(count, live) }
      }
      if let gone, live.isEmpty { throw gone }
      // What waits has its round yet, and no more: frames may come without end.
      if isEnding || isStopped && !order.isWaiting { return total(count, live) }
      isEnding = isStopped
    }
  }

  /// Takes what waits.
  ///
  /// - Returns: nil where nothing is left, else the time of the last frame taken.
  private borrowing func drain(
    _ tap: Tap, into frames: inout [SeenFrame]
  ) throws(SystemError) -> Int64? {
    for _ in 0..<Self.burst {
      guard let packet = try tap.capture.next() else { return nil }
      frames.append(
        SeenFrame(
          time: packet.time, interface: tap.link, isOutgoing: tap.isOutgoing,
          length: packet.length, octets: packet.octets))
    }
    return frames.last?.time
  }

  private borrowing func total(_ count: Count, _ live: [Tap]) -> Count {
    var count = count
    for tap in live { count.dropped += tap.capture.dropCount() }
    return count
  }
}
