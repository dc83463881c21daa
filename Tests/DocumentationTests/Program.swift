import FoundationEssentials
import Glibc

/// The `announcer` that was built together with the tests; another with ANNOUNCER_PROGRAM.
enum Program {
  /// Beside the test bundle, which on Linux is the executable that runs the tests.
  static let path: String = {
    if let named = ProcessInfo.processInfo.environment["ANNOUNCER_PROGRAM"] { return named }
    let directory = executable.split(separator: "/").dropLast().joined(separator: "/")
    return "/\(directory)/announcer"
  }()

  private static var executable: String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = unsafe readlink("/proc/self/exe", &buffer, Int(PATH_MAX))
    return String(
      decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
