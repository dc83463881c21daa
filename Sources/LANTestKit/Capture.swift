internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// A running `tcpdump` on one link of a host: every frame that passes, decoded, with its time.
package final class Capture: Sendable {
  private let process: RunningProcess
  private let parser: PcapParser

  fileprivate init(process: RunningProcess, parser: PcapParser) {
    self.process = process
    self.parser = parser
  }

  /// The frames so far, in order.
  package var frames: [CapturedFrame] { parser.frames }

  /// The frames from the given one on, copied: whoever looks again and again leaves the growing
  /// array alone.
  package func frames(from index: Int) -> [CapturedFrame] { parser.frames(from: index) }

  /// Ends the capture; every frame that passed before this call is among the result.
  package func stop() async throws -> [CapturedFrame] {
    process.signal(SIGINT)
    _ = try await process.wait()
    return frames
  }
}

/// Reads the pcap stream that tcpdump writes while it runs.
final class PcapParser: Sendable {
  private struct State {
    var pending: [UInt8] = []
    var sawHeader = false
    var frames: [CapturedFrame] = []
  }
  private let state = Mutex(State())

  var frames: [CapturedFrame] { state.withLock { $0.frames } }

  func frames(from index: Int) -> [CapturedFrame] {
    state.withLock { index < $0.frames.count ? Array($0.frames[index...]) : [] }
  }

  /// Takes the next octets of the stream, cut anywhere.
  func append(_ bytes: ArraySlice<UInt8>) {
    state.withLock { state in
      state.pending += bytes
      var position = 0
      // Global header of 24 octets; then records: seconds, nanoseconds, captured, original length,
      // all in the byte order of this machine, which is little-endian (pcap-savefile(5)).
      func word(_ offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(state.pending[position + offset + $1]) << (8 * $1) }
      }
      if !state.sawHeader && state.pending.count >= 24 {
        state.sawHeader = true
        position = 24
      }
      while state.sawHeader, state.pending.count - position >= 16,
        state.pending.count - position >= 16 + word(8)
      {
        let time = Int64(word(0)) * 1_000_000_000 + Int64(word(4))
        let end = position + 16 + word(8)
        state.frames.append(
          CapturedFrame(wallClock: time, octets: Array(state.pending[position + 16..<end])))
        position = end
      }
      state.pending.removeFirst(position)
    }
  }
}

extension Host {
  /// Captures on a link of this host what matches `filter` (`pcap-filter(7)`), for as long as
  /// `body` runs; returns once tcpdump listens, so that nothing sent afterwards is missed.
  package func capture(_ filter: String = "arp or icmp6", link: String? = nil) async throws
    -> Capture
  {
    let parser = PcapParser()
    // In immediate mode libpcap's ring has slots of one largest frame each: without a limit it holds
    // 32 of them, and a burst is lost. -B is in KiB.
    let process = try spawn(
      [
        "tcpdump", "-i", link ?? self.link, "-n", "-U", "-s", "2048", "-B", "32768",
        "--immediate-mode",
        "--time-stamp-precision", "nano", "-w", "-", filter,
      ], sink: { parser.append($0) })
    let listening = try await timeUntil(within: .seconds(10)) {
      guard process.isRunning else { throw LANError("tcpdump: \(process.standardError)") }
      return process.standardError.contains("listening on")
    }
    guard listening != nil else { throw LANError("tcpdump does not listen") }
    return Capture(process: process, parser: parser)
  }
}
