internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// What went wrong on the way, from the errors of the HTTP client and the layers below it.
package struct TransportFailure: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Nobody answers there.
    case unreachable
    /// The connection ended under the call: an idle one that the server had closed, perhaps.
    case connectionClosed
    case timedOut
    /// Whoever asked does not want it any more.
    case cancelled
    /// TLS or a name does not fit.
    case misconfigured
    /// Descriptors or memory used up.
    case exhausted
    /// It answered what makes no sense.
    case unintelligible
  }

  package let kind: Kind
  /// The cause, to follow "what was tried, and where".
  package let cause: String

  private init(_ kind: Kind, _ cause: String) {
    self.kind = kind
    self.cause = cause
  }

  /// A name for which there is no address, or none yet.
  init(unknownHost name: String, _ reason: String) {
    self.init(.unreachable, "cannot find the host `\(name.oneLine)`: \(reason.oneLine)")
  }

  package init(_ error: any Error, peer: TransportPeer) {
    switch error {
    case let error as TransportFailure: self = error
    case is DeadlinePassed: self.init(.timedOut, "no answer in time")
    case is CancellationError: self.init(.cancelled, "given up")
    case let error as HTTPClientError: self.init(error)
    case is NIOTooManyBytesError:
      self.init(
        .unintelligible,
        "the answer does not end within \(peer.longestAnswer >> 20) MiB: is it \(peer.name)?")
    case let error as NIOConnectionError:
      // One per address of the host; the last is as good as any.
      let cause = error.connectionErrors.last?.error
      if let cause {
        self.init(cause, peer: peer)
      } else {
        let reason = (error.dnsAError ?? error.dnsAAAAError) as? SocketAddressError.UnknownHost
        self.init(unknownHost: error.host, reason?.errorDescription ?? "it has no address")
      }
    case let error as IOError: self.init(error)
    case let error as NIOSSLError: self.init(error, peer: peer)
    case let error as BoringSSLError:
      self.init(.misconfigured, Self.words(for: "\(error)", peer: peer))
    case is NIOSSLExtraError:
      self.init(.misconfigured, "TLS: \(Self.wordsForName("\(error)"))")
    case let error as ChannelError:
      if case .connectTimeout = error {
        self.init(.unreachable, "no connection in time")
      } else {
        self.init(.connectionClosed, "the connection broke (\(error))")
      }
    case let error as HTTPParserError:
      self.init(.unintelligible, "it does not speak HTTP (\(error))")
    default: self.init(.unreachable, "\(error)".oneLine)
    }
  }

  private init(_ error: HTTPClientError) {
    switch error {
    case .cancelled: self.init(.cancelled, "given up")
    case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
      self.init(.timedOut, "no answer in time")
    case .connectTimeout: self.init(.unreachable, "no connection in time")
    case .tlsHandshakeTimeout:
      // Who does not speak TLS says so at once, by an answer or by closing the connection.
      self.init(
        .unreachable,
        "it takes connections and does not answer the TLS handshake: it is still starting, or hangs"
      )
    case .remoteConnectionClosed:
      self.init(.connectionClosed, "it closed the connection without an answer")
    default: self.init(.unintelligible, error.shortDescription)
    }
  }

  private init(_ error: IOError) {
    let text = unsafe String(cString: strerror(error.errnoCode))
    switch error.errnoCode {
    case EMFILE, ENFILE, ENOMEM, ENOBUFS: self.init(.exhausted, text)
    case ECONNRESET, EPIPE:
      self.init(.connectionClosed, "it closed the connection (\(text))")
    default: self.init(.unreachable, text)
    }
  }

  private init(_ error: NIOSSLError, peer: TransportPeer) {
    switch error {
    case .handshakeFailed where "\(error)".contains("EOF during handshake"):
      self.init(.connectionClosed, "it ended the TLS handshake")
    case .uncleanShutdown: self.init(.connectionClosed, "it closed the connection")
    default: self.init(.misconfigured, Self.words(for: "\(error)", peer: peer))
    }
  }

  /// NIOSSL names what the certificate was looked through for, and `<none>` for an address.
  private static func wordsForName(_ reason: String) -> String {
    reason.contains("<none>")
      ? "the server's certificate does not name this host: it was reached by an address that is not "
        + "among the certificate's subject alternative names"
      : "the server's certificate does not name this host (\(reason.oneLine))"
  }

  /// BoringSSL's reason in words that say what would be right.
  private static func words(for reason: String, peer: TransportPeer) -> String {
    let authority = peer.authority.map { "`\($0)`" } ?? "the system's authorities"
    let certificate = peer.certificate.map { "`\($0)`" } ?? "none was configured"
    let known: [(String, String)] = [
      (
        "CERTIFICATE_VERIFY_FAILED",
        "the server's certificate is not trusted: it is expired, not yet valid (is this node's "
          + "clock right?), or not signed by \(authority)"
      ),
      ("WRONG_VERSION_NUMBER", "it does not speak https"),
      // What BoringSSL says of a server that answers in plain text and closes.
      ("unknownError", "the handshake failed, and nothing was said why: does it speak https?"),
      (
        "CERTIFICATE_EXPIRED",
        "the server says that our certificate (\(certificate)) has expired or is not valid yet (are "
          + "both clocks right?)"
      ),
      ("UNKNOWN_CA", "the server does not know who signed our certificate (\(certificate))"),
      (
        "BAD_CERTIFICATE",
        "the server does not accept our certificate (\(certificate)): is it of its authority, and are "
          + "both clocks right?"
      ),
      ("CERTIFICATE_REQUIRED", "the server wants a certificate from us (\(certificate))"),
    ]
    let words = known.first { reason.contains($0.0) }?.1 ?? reason.oneLine
    return "TLS: \(words)"
  }
}
