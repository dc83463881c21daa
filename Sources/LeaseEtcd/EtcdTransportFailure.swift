internal import AsyncHTTPClient
internal import Glibc
internal import Lease
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

extension EtcdFailure {
  /// What went wrong on the way, from the errors of the HTTP client and the layers below it.
  init(transport error: any Error, options: EtcdOptions) {
    switch error {
    case let error as EtcdFailure: self = error
    case is DeadlinePassed:
      self.init(.timedOut, "no answer in time")
    case is CancellationError:
      self.init(.timedOut, "given up", meaning: .cancelled)
    case let error as HTTPClientError: self.init(error)
    case is NIOTooManyBytesError:
      self.init(
        .unintelligible,
        "the answer does not end within \(EtcdConnection.longestAnswer >> 20) MiB: is it etcd?")
    case let error as NIOConnectionError:
      // One per address of the host; the last is as good as any.
      let cause = error.connectionErrors.last?.error
      if let cause {
        self.init(transport: cause, options: options)
      } else {
        self.init(.unreachable, "cannot find the host `\(error.host)`")
      }
    case let error as IOError: self.init(error)
    case let error as NIOSSLError: self.init(error, options: options)
    case let error as BoringSSLError:
      self.init(.misconfigured, Self.words(for: "\(error)", options: options))
    case is NIOSSLExtraError:
      self.init(
        .misconfigured,
        "TLS: the server's certificate does not name this host (\(Self.oneLine(error)))")
    case let error as ChannelError:
      if case .connectTimeout = error {
        self.init(.unreachable, "no connection in time")
      } else {
        self.init(.unreachable, "the connection broke (\(error))", meaning: .connectionClosed)
      }
    case let error as HTTPParserError:
      self.init(.unintelligible, "it does not speak HTTP (\(error))")
    default: self.init(.unreachable, Self.oneLine(error))
    }
  }

  private init(_ error: HTTPClientError) {
    switch error {
    case .cancelled: self.init(.timedOut, "given up", meaning: .cancelled)
    case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
      self.init(.timedOut, "no answer in time")
    case .connectTimeout: self.init(.unreachable, "no connection in time")
    case .tlsHandshakeTimeout:
      self.init(.unreachable, "no TLS handshake in time: does it speak https?")
    case .remoteConnectionClosed:
      self.init(
        .unreachable, "it closed the connection without an answer", meaning: .connectionClosed)
    default: self.init(.unintelligible, error.shortDescription)
    }
  }

  private init(_ error: IOError) {
    let text = unsafe String(cString: strerror(error.errnoCode))
    switch error.errnoCode {
    case EMFILE, ENFILE, ENOMEM, ENOBUFS: self.init(.exhausted, text)
    case ECONNRESET, EPIPE:
      self.init(.unreachable, "it closed the connection (\(text))", meaning: .connectionClosed)
    default: self.init(.unreachable, text)
    }
  }

  private init(_ error: NIOSSLError, options: EtcdOptions) {
    switch error {
    case .handshakeFailed where "\(error)".contains("EOF during handshake"):
      self.init(
        .unreachable, "it ended the TLS handshake", meaning: .connectionClosed
      )
    case .uncleanShutdown:
      self.init(.unreachable, "it closed the connection", meaning: .connectionClosed)
    default: self.init(.misconfigured, Self.words(for: "\(error)", options: options))
    }
  }

  /// BoringSSL's reason in words that say what would be right.
  private static func words(for reason: String, options: EtcdOptions) -> String {
    let authority = options.authority.map { "`\($0)`" } ?? "the system's authorities"
    let certificate = options.certificate.map { "`\($0)`" } ?? "none was configured"
    let known: [(String, String)] = [
      (
        "CERTIFICATE_VERIFY_FAILED",
        "the server's certificate is not trusted: it is expired, or not signed by \(authority)"
      ),
      ("WRONG_VERSION_NUMBER", "it does not speak https"),
      ("CERTIFICATE_EXPIRED", "the server says that our certificate (\(certificate)) has expired"),
      ("UNKNOWN_CA", "the server does not know who signed our certificate (\(certificate))"),
      ("BAD_CERTIFICATE", "the server does not accept our certificate (\(certificate))"),
      ("CERTIFICATE_REQUIRED", "the server wants a certificate from us (\(certificate))"),
    ]
    let words = known.first { reason.contains($0.0) }?.1 ?? oneLine(reason)
    return "TLS: \(words)"
  }

  /// Cut to a length fit for a line.
  private static func oneLine(_ error: Any) -> String {
    "\(error)".oneLine
  }
}

/// The time limit of a call has come.
struct DeadlinePassed: Error {}
