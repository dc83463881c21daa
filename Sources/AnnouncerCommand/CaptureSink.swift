internal import Control
internal import FoundationEssentials
internal import FrameText
internal import Glibc
internal import LinuxSystem
internal import RawSocket

/// Where captured frames go: lines on standard output, or a file.
final class CaptureSink {
  enum Form: Sendable {
    case text
    case json
    /// A path; `-` is standard output.
    case file(String)
  }

  private let file: PcapFile?
  private let isJSON: Bool
  private let style: TerminalStyle
  private let interfaceWidth: Int
  private var left: Int?

  /// - Throws: where the file cannot be made; the subject is its path.
  init(_ form: Form, upTo count: Int?, _ scope: CaptureScope) throws(SystemError) {
    left = count
    style = TerminalStyle(environment: ProcessInfo.processInfo.environment)
    interfaceWidth = scope.links.map(\.utf8.count).max() ?? 0
    if case .file(let path) = form {
      file = try PcapFile(path, snapshotLength: FrameCapture.snapshotLength)
    } else {
      file = nil
    }
    isJSON = if case .json = form { true } else { false }
  }

  /// Puts a frame out at once.
  ///
  /// - Returns: whether more are wanted.
  /// - Throws: EPIPE where the reader went away; ENOSPC and the like.
  func take(_ frame: SeenFrame) throws(SystemError) -> Bool {
    if file != nil {
      try file?.write(frame)
    } else if isJSON {
      try writeToStandardOutput(JSON.line(FrameRecord(FrameLine(frame))) + [UInt8(ascii: "\n")])
    } else {
      let line = FrameLine(frame)
      let text = printable(
        line.text(interfaceWidth: interfaceWidth, zone: Self.zone(at: frame.time)))
      try writeToStandardOutput(
        Array("\(style.paint(text, line.isMalformed ? .bad : nil))\n".utf8))
    }
    guard let left else { return true }
    self.left = left - 1
    return left > 1
  }

  /// Seconds east of Greenwich here and then (`localtime_r(3)`).
  private static func zone(at time: Int64) -> Int {
    var seconds = time_t(time / 1_000_000_000)
    var parts = unsafe tm()
    unsafe localtime_r(&seconds, &parts)
    return unsafe parts.tm_gmtoff
  }
}
