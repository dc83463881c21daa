internal import HTTPTransport
internal import Lease
internal import NIOCore

extension EtcdFailure {
  /// What went wrong on the way.
  init(transport error: any Error, options: EtcdOptions) {
    if let error = error as? EtcdFailure {
      self = error
      return
    }
    let failure = TransportFailure(
      error,
      peer: TransportPeer(
        name: "etcd", longestAnswer: EtcdConnection.longestAnswer, authority: options.authority,
        certificate: options.certificate))
    switch failure.kind {
    case .unreachable: self.init(.unreachable, failure.cause)
    case .connectionClosed: self.init(.unreachable, failure.cause, meaning: .connectionClosed)
    case .timedOut: self.init(.timedOut, failure.cause)
    case .cancelled: self.init(.timedOut, failure.cause, meaning: .cancelled)
    case .misconfigured: self.init(.misconfigured, failure.cause)
    case .exhausted: self.init(.exhausted, failure.cause)
    case .unintelligible:
      let isTooLong = error is NIOTooManyBytesError
      self.init(.unintelligible, failure.cause, meaning: isTooLong ? .answerTooLong : .other)
    }
  }
}
