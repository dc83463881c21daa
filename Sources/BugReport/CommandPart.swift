internal import FoundationEssentials
internal import Subprocess
internal import SystemPackage

extension ReportPart {
  /// What a program of the system prints.
  package static func command(
    _ file: String, _ title: String, _ program: String, _ arguments: String...
  ) -> ReportPart {
    ReportPart(file, title) { try await standardOutput(of: program, arguments) }
  }
}

/// Runs a program, found through PATH and where Debian keeps those of root, to its end; ended with our
/// own task.
///
/// - Throws: a `ReportPart.Failure` that says what it said, where it is not there, fails or writes too much.
func standardOutput(of program: String, _ arguments: [String]) async throws -> String {
  var options = PlatformOptions()
  options.processGroupID = 0
  options.teardownSequence = [
    .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
  ]
  let places =
    (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/sbin:/usr/bin:/bin"
  let result: ExecutionResult<Void, BytesOutput, BytesOutput>
  do {
    result = try await Subprocess.run(
      .name(program), arguments: Arguments(arguments),
      environment: .inherit.updating(["PATH": places, "LC_ALL": "C"]), platformOptions: options,
      output: .bytes(limit: Report.longestPart), error: .bytes(limit: 65_536))
  } catch let error as SubprocessError {
    switch error.code {
    case .outputLimitExceeded:
      throw ReportPart.Failure("`\(program)` wrote more than \(Report.longestPart >> 20) MiB")
    case .executableNotFound: throw ReportPart.Failure("`\(program)` is not installed")
    case .spawnFailed where error.underlyingError == .noSuchFileOrDirectory:
      throw ReportPart.Failure("`\(program)` is not installed")
    default: throw error
    }
  }
  guard result.terminationStatus.isSuccess else {
    let complaint = String(decoding: result.standardError, as: UTF8.self)
      .split(whereSeparator: \.isNewline).first
    throw ReportPart.Failure(
      "`\(program)` failed" + (complaint.map { ": \($0)" } ?? " (\(result.terminationStatus))"))
  }
  return String(decoding: result.standardOutput, as: UTF8.self)
}
