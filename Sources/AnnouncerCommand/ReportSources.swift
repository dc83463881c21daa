internal import BugReport
internal import Configuration
internal import Control
internal import Daemon
internal import FoundationEssentials
internal import LinuxSystem
internal import Time
internal import Wire

/// What of this program goes into a bug report: the daemon's answers, and its configuration.
struct ReportSources: Sendable {
  let socket: String
  /// The file that was named; nil for the daemon's.
  let config: String?

  /// `explain` is asked for so many blocked addresses.
  private static let explained = 50
  /// Octets of a file that holds a secret.
  private static let longestSecret = 1 << 20

  func report(named name: String) async throws -> Report {
    // Asked once, before the rest: it says which configuration is in force.
    let answer = await withThread(named: "report") { () -> Result<Status, ReportPart.Failure> in
      do throws(ControlFailure) {
        let reply = try ControlClient(path: socket, version: announcerVersion).ask(.status)
        guard let status = reply.response.status else {
          return .failure(ReportPart.Failure("the daemon sent no status"))
        }
        return .success(status)
      } catch {
        return .failure(ReportPart.Failure(error.description))
      }
    }
    let running = try? answer.get().configuration.file
    let file = config ?? running.flatMap { $0.isEmpty ? nil : $0 } ?? ConfigurationOptions.usual
    let written = try? String(
      decoding: contentOfRegularFile(file, atMost: Report.longestPart), as: UTF8.self)
    let redaction = written.flatMap { try? YAMLRedaction($0) }
    let heading = """
      \(name), \(WallTime.now)
      announcer \(announcerVersion), daemon at \(socket), configuration \(file)
      Secrets are removed where they could be told. Look through it before you send it.

      """
    return try await Report(
      own(answer, file, written) + metrics(file) + ReportPart.host, heading: heading,
      scrubber: Scrubber(secrets: Self.secrets(redaction)))
  }

  /// Those in the configuration, in the files it names, and in the kubeconfig.
  private static func secrets(_ redaction: YAMLRedaction?) -> Set<String> {
    guard let redaction else { return [] }
    var secrets = redaction.secrets
    var files = redaction.files
    for file in redaction.kubeconfigs {
      guard let text = content(file), let inner = try? YAMLRedaction(text) else { continue }
      secrets.formUnion(inner.secrets)
      files.formUnion(inner.files)
    }
    for file in files {
      for line in (content(file) ?? "").split(whereSeparator: \.isNewline) {
        let secret = line.trimmingPrefix(" ")
        if !secret.hasPrefix("-----") { secrets.insert(String(secret)) }
      }
    }
    return secrets
  }

  private static func content(_ file: String) -> String? {
    (try? contentOfRegularFile(file, atMost: longestSecret)).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  // MARK: Parts

  private func own(
    _ answer: Result<Status, ReportPart.Failure>, _ file: String, _ written: String?
  ) -> [ReportPart] {
    [
      ReportPart("version.txt", "announcer version") { "announcer \(announcerVersion)\n" },
      ReportPart("status.json", "announcer status --output json, in one line") {
        String(decoding: JSON.line(try answer.get()), as: UTF8.self) + "\n"
      },
      ReportPart("status.txt", "announcer status") {
        StatusText.render(
          try answer.get(), now: .now, style: TerminalStyle(width: nil, hasColours: false))
      },
      ReportPart("cluster.txt", "announcer status --cluster: every node's session, all claims") {
        try await cluster()
      },
      ReportPart("pools.txt", "announcer pools: who gives addresses, and who goes without") {
        try await pools()
      },
      ReportPart("explain.txt", "announcer explain of the first blocked addresses") {
        try await explanations(try answer.get())
      },
      ReportPart("configuration.yaml", "\(file) without its secrets and comments") {
        guard let written else {
          throw ReportPart.Failure("\(file) cannot be read")
        }
        return try YAMLRedaction(written).text
      },
      ReportPart("check.txt", "announcer check") {
        let configuration: Configuration
        do {
          configuration = try Configuration.load(file: file, hostName: hostName())
        } catch {
          return "\(error)\n"
        }
        let daemon = await RunningDaemon.ask(
          at: configuration.control.socket, about: configuration.file)
        return CheckReport(configuration, try await Assessment(configuration), daemon).text
      },
    ]
  }

  private func cluster() async throws -> String {
    guard let cluster = try await ask(.cluster).cluster else {
      throw ReportPart.Failure("the daemon did not tell of the cluster")
    }
    return ClusterText.render(
      cluster, asked: [], now: .now, style: TerminalStyle(width: nil, hasColours: false))
  }

  private func pools() async throws -> String {
    guard let pools = try await ask(.pools).pools else {
      throw ReportPart.Failure("the daemon did not tell of its pools")
    }
    return PoolsText.render(pools, style: TerminalStyle(width: nil, hasColours: false))
  }

  private func ask(_ command: Request.Command) async throws -> Response {
    let client = ControlClient(
      path: socket, version: announcerVersion, timeout: Report.patience - .seconds(1))
    let answer = await withThread(named: command.rawValue) {
      Result { () throws(ControlFailure) in try client.ask(command) }
    }
    switch answer {
    case .failure(let failure): throw ReportPart.Failure(failure.description)
    case .success(let reply): return reply.response
    }
  }

  private func explanations(_ status: Status) async throws -> String {
    let blocked = status.addresses.filter { $0.state == .blocked }.map(\.address)
    guard !blocked.isEmpty else { return "no address is blocked\n" }
    let client = ControlClient(path: socket, version: announcerVersion, timeout: .seconds(1))
    let style = TerminalStyle(width: nil, hasColours: false)
    // A thread cannot be cancelled: it keeps to the time of a part by itself.
    let deadline = Instant.now + Report.patience - .seconds(1)
    return await withThread(named: "explain") {
      var text = ""
      for address in blocked.prefix(Self.explained) {
        guard Instant.now < deadline else {
          text += "\(address): no time left to ask\n"
          break
        }
        guard let reply = try? client.ask(.explain, address: address),
          let explanation = reply.response.explanation
        else {
          text += "\(address): the daemon did not answer\n"
          break
        }
        text += ExplanationText.render(explanation, now: .now, style: style) + "\n"
      }
      let rest = blocked.count - Self.explained
      return rest > 0 ? text + "and \(rest) more\n" : text
    }
  }

  /// Where the configuration has a place for them.
  private func metrics(_ file: String) -> [ReportPart] {
    guard let configuration = try? Configuration.load(file: file, hostName: hostName()),
      let settings = configuration.metrics
    else {
      return [
        ReportPart("metrics.txt", "the daemon's metrics") {
          throw ReportPart.Failure("metrics.listen is off")
        }
      ]
    }
    // Every address means this machine too.
    let host =
      switch settings.address {
      case .v4(let address): address == .any ? "127.0.0.1" : "\(address)"
      case .v6(let address): address == .any ? "[::1]" : "[\(address)]"
      }
    return [.metrics(at: "\(host):\(settings.port)")]
  }
}
