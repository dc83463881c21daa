internal import FoundationEssentials

/// The `announcer` that tests start: the one that was built together with them, or, with ANNOUNCER_PROGRAM
/// in the environment, another, such as the release build.
package enum Program {
  /// Whether figures are asserted, with as many objects as they are meant for: where ANNOUNCER_FIGURES is set,
  /// for an optimised program on a machine that does nothing else. Beside other tests times say little.
  package static let isMeasured = ProcessInfo.processInfo.environment["ANNOUNCER_FIGURES"] != nil

  private static let named = ProcessInfo.processInfo.environment["ANNOUNCER_PROGRAM"]

  /// Beside the test bundle, which on Linux is the executable that runs the tests.
  package static let path: String = {
    if let named { return named }
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return tests.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/announcer"
  }()
}
