internal import FoundationEssentials
internal import HTTPTransport
internal import LinuxSystem
internal import Subprocess
internal import SystemPackage
internal import Time

extension ExecPlugIn {
  /// How long it may take: some ask a service far away.
  static let patience = Duration.seconds(10)
  /// Octets of each of its outputs.
  static let longestOutput = 1 << 20

  /// Runs it.
  func run(
    for access: ClusterAccess, patience: Duration = Self.patience
  ) async throws(AccessFault) -> ExecCredential {
    let name = "the exec plug-in `\(command)`"
    let result: ExecutionResult<Void, BytesOutput, BytesOutput>
    do {
      result = try await withDeadline(.now + patience) { [self] in
        var options = PlatformOptions()
        // A group of its own, all of which is killed when the time is up.
        options.processGroupID = 0
        options.teardownSequence = [
          .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
        ]
        var variables: [Environment.Key: String?] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        variables["KUBERNETES_EXEC_INFO"] = information(access)
        return try await Subprocess.run(
          command.contains("/") ? .path(FilePath(command)) : .name(command),
          arguments: Arguments(arguments), environment: .inherit.updating(variables),
          platformOptions: options, output: .bytes(limit: Self.longestOutput),
          error: .bytes(limit: Self.longestOutput))
      }
    } catch {
      throw AccessFault("\(name): \(words(for: error, patience))")
    }
    guard result.terminationStatus.isSuccess else {
      let complaint = String(decoding: result.standardError, as: UTF8.self)
        .split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }
      let end =
        switch result.terminationStatus {
        case .exited(let code): "it failed with exit code \(code)"
        case .signaled(let signal): "signal \(signal) ended it"
        }
      throw AccessFault("\(name): \(end)\(complaint.map { ": \($0.oneLine)" } ?? "")")
    }
    do throws(AccessFault) {
      return try ExecCredential(result.standardOutput, apiVersion: apiVersion)
    } catch {
      throw AccessFault("\(name): \(error.description)")
    }
  }

  private func words(for error: any Error, _ patience: Duration) -> String {
    switch error {
    case is DeadlinePassed: return "it did not end within \(patience.nanoseconds / 1_000_000) ms"
    case is CancellationError: return "given up"
    case let error as SubprocessError where error.code == .outputLimitExceeded:
      return "it wrote more than \(Self.longestOutput >> 10) KiB"
    case let error as SubprocessError
    where error.code == .executableNotFound
      || error.code == .spawnFailed && error.underlyingError == .noSuchFileOrDirectory:
      return "it is not there" + (installHint.map { ": \($0.oneLine)" } ?? "")
    case let error as SubprocessError where error.code == .spawnFailed:
      return "cannot be run: \(error.underlyingError.map { "\($0)" } ?? "\(error)".oneLine)"
    default: return "\(error)".oneLine
    }
  }

  /// KUBERNETES_EXEC_INFO: what the plug-in is told.
  func information(_ access: ClusterAccess) -> String {
    var cluster = ""
    if providesClusterInfo {
      var fields = ["\"server\":\(access.server.text.jsonText)"]
      if let name = access.serverName { fields.append("\"tls-server-name\":\(name.jsonText)") }
      switch access.authority {
      case .system: break
      case .anybody: fields.append("\"insecure-skip-tls-verify\":true")
      case .certificates(let material):
        if let octets = try? material.contents("certificate-authority") {
          let data = Data(octets).base64EncodedString()
          fields.append("\"certificate-authority-data\":\"\(data)\"")
        }
      }
      if let proxy = access.proxy { fields.append("\"proxy-url\":\(proxy.text.jsonText)") }
      if let settings = clusterSettings {
        fields.append("\"config\":\(String(decoding: settings, as: UTF8.self))")
      }
      cluster = ",\"cluster\":{\(fields.joined(separator: ","))}"
    }
    return "{\"apiVersion\":\(apiVersion.jsonText),\"kind\":\"ExecCredential\","
      + "\"spec\":{\"interactive\":false\(cluster)}}"
  }
}
