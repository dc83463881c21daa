internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import Time

/// One client of the control socket: reads its line, waits for the answer, writes it, ends.
///
/// Never waits for the client; every stage has a deadline. Belongs to the server's thread.
final class ControlConnection {
  private let descriptor: Descriptor
  private(set) var stage: Stage
  private(set) var deadline: Instant
  /// When the client last took something of its answer.
  private(set) var lastProgress: Instant
  private var input: [UInt8] = []
  private var output: ArraySlice<UInt8> = []

  enum Stage {
    /// The line is not complete.
    case reading
    /// The line is with the handler.
    case waiting
    case writing
    case ended
  }

  /// What a read brought.
  enum Progress {
    case more
    case line([UInt8])
    case tooLong
  }

  /// In octets, the line's end not counted.
  static let longestRequest = 65_536
  static let requestTime = Duration.seconds(2)
  /// A client that does not read for so long has gone, or plays.
  static let answerTime = Duration.seconds(10)
  /// One that has taken nothing for so long goes first when others need its room.
  static let stallTime = Duration.milliseconds(250)

  init(owning number: Int32, now: Instant) {
    descriptor = Descriptor(owning: number)
    stage = .reading
    deadline = now + Self.requestTime
    lastProgress = now
  }

  var fileDescriptor: Int32 { descriptor.rawValue }

  /// What to poll for; a client that leaves is reported in any stage.
  var events: Int16 {
    switch stage {
    case .reading: Int16(POLLIN)
    case .waiting, .ended: 0
    case .writing: Int16(POLLOUT)
    }
  }

  /// Reads what is there.
  func read() -> Progress {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while stage == .reading {
      let count = unsafe recv(descriptor.rawValue, &buffer, buffer.count, 0)
      if count < 0 {
        if errno == EINTR { continue }
        if errno != EAGAIN { stage = .ended }
        return .more
      }
      // The end of what the client sends ends its line as well.
      let end = buffer[..<count].firstIndex(of: UInt8(ascii: "\n"))
      input += buffer[..<(end ?? count)]
      if input.count > Self.longestRequest { return .tooLong }
      if count == 0 && input.isEmpty { stage = .ended }
      if end != nil || count == 0 && stage == .reading {
        stage = .waiting
        deadline = .distantFuture
        return .line(input)
      }
    }
    return .more
  }

  /// Begins to answer.
  func answer(_ octets: [UInt8], now: Instant) {
    guard stage != .ended else { return }
    stage = .writing
    deadline = now + Self.answerTime
    lastProgress = now
    output = octets[...]
    write()
  }

  /// Writes what the client takes; ends after the last octet.
  func write() {
    while !output.isEmpty {
      let count = unsafe output.withUnsafeBytes {
        unsafe send(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno != EAGAIN { stage = .ended }
        return
      }
      output = output.dropFirst(count)
      lastProgress = .now
    }
    // Octets nobody read would make the kernel reset the connection, and the client with it.
    var rest = [UInt8](repeating: 0, count: 16_384)
    var reads = 0
    while reads < 16, unsafe recv(descriptor.rawValue, &rest, rest.count, 0) > 0 { reads += 1 }
    stage = .ended
  }

  /// The client does not take its answer.
  func isStalled(_ now: Instant) -> Bool {
    stage == .writing && now - lastProgress >= Self.stallTime
  }

  func end() { stage = .ended }
}
