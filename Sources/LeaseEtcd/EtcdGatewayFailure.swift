internal import FoundationEssentials
internal import HTTPTransport
internal import Lease
internal import NIOHTTP1

extension EtcdFailure {
  /// What an answer means that is not the one asked for: etcd's own error, or somebody else's page.
  init(status: HTTPResponseStatus, body: [UInt8], options: EtcdOptions) {
    if let error = try? JSONDecoder().decode(GatewayError.self, from: Data(body)) {
      self.init(error.details, options: options)
      return
    }
    // Source: `embed/serve.go` of etcd; it answers so while its users are on and the certificate could name one.
    if String(decoding: body.prefix(200), as: UTF8.self).contains("CommonName of client") {
      let file = options.certificate.map { " `\($0)`" } ?? ""
      self.init(
        .misconfigured,
        "while etcd's users are on, its JSON gateway takes no client certificate whose subject has a "
          + "CommonName: replace\(file) (lease.etcd.certificate) by one without, such as "
          + "`-subj /O=announcer`")
      return
    }
    let answer = "HTTP \(status.code)\(Self.beginning(of: body))"
    switch status.code {
    case 401, 403: self.init(.refused, "\(answer): access denied by something before etcd")
    case 429, 502, 503, 504: self.init(.unavailable, answer)
    default:
      self.init(
        .unintelligible, "\(answer) is not etcd's: is it a client URL of etcd 3.4 or later?")
    }
  }

  /// An answer of HTTP 200 that cannot be read.
  init(unreadable body: [UInt8]) {
    self.init(
      .unintelligible,
      "an answer\(Self.beginning(of: body)) that is not etcd's: is it a client URL of etcd 3.4 or later?"
    )
  }

  /// etcd's errors, by gRPC's code and, where several share one, by etcd's words.
  ///
  /// Source: `api/v3rpc/rpctypes/error.go` of etcd.
  init(_ error: GatewayError.Details, options: EtcdOptions) {
    let text = error.message.oneLine
    if text.contains("requested lease not found") {
      self.init(.refused, text, meaning: .leaseNotFound)
    } else if text.contains("has been compacted") {
      self.init(.unavailable, text, meaning: .compacted)
    } else if text.contains("authentication is not enabled") {
      self.init(.misconfigured, text, meaning: .authenticationIsOff)
    } else if text.contains("invalid auth token") || text.contains("user name is empty")
      || text.contains("revision of auth store is old")
    {
      let advice =
        options.userName == nil
        ? " (etcd asks for a user: set `lease.etcd.username` and `passwordFile`)" : ""
      self.init(.refused, text + advice, meaning: .tokenRefused)
    } else if text.contains("invalid user ID or password") {
      let user = options.userName ?? ""
      let file = options.passwordFile.map { " in `\($0)`" } ?? ""
      self.init(.refused, "etcd does not accept user `\(user)` with the password\(file)")
    } else if text.contains("database space exceeded") {
      self.init(
        .exhausted,
        "\(text): etcd takes no writes until it is compacted, defragmented and its alarm disarmed")
    } else if text.contains("too many operations") {
      self.init(.misconfigured, "\(text): etcd must allow 128 (`--max-txn-ops`)")
    } else {
      switch error.code {
      case 4: self.init(.timedOut, text)
      case 7, 16:
        let user = options.userName.map { "user `\($0)`" } ?? "whoever has no user"
        self.init(
          .refused,
          "\(text): \(user) needs a role that reads and writes keys below `\(options.prefix)/`")
      case 8, 14: self.init(.unavailable, text)
      default:
        // Raft's own words come without a code worth the name.
        let isPassing = text.contains("leader") || text.contains("timed out")
        self.init(isPassing ? .unavailable : .unintelligible, text)
      }
    }
  }

  private static func beginning(of body: [UInt8]) -> String {
    let text = String(decoding: body.prefix(60), as: UTF8.self).oneLine
    return text.isEmpty ? "" : " (`\(text)`)"
  }
}
