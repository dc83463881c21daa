internal import Announcer
internal import LinuxSystem
internal import RawSocket
internal import Time
internal import Wire

/// Whether what is to leave does leave: an address that is held where the kernel sends none of our frames
/// is of no use to anybody, and another node may do better.
extension Coordinator {
  mutating func noteSent(
    _ result: Result<Int, SendFailure>, of claim: Claim, isFirst: Bool = false
  ) {
    switch result {
    case .success(let frames):
      // With thousands of addresses a line each would be noise; they have theirs in `gained`.
      log.announced(
        claim, name(of: claim.interfaceIndex), frames: frames,
        isNews: isFirst && armed.count <= EventLog.limit)
      if !sending.isQuiet { noteSending(claim, error: nil) }
    case .failure(.silent(let reason)):
      log.notAnnounced(claim, name(of: claim.interfaceIndex), reason.name)
    case .failure(.refused(let error)): noteSending(claim, error: error)
    }
  }

  private mutating func noteSending(_ claim: Claim, error: SystemError?) {
    guard let link = armed[claim]?.link else { return }
    noteSending(
      Sending.Way(link: link, isIPv6: claim.address.isIPv6), claim.address, error: error)
  }

  private mutating func noteSending(
    _ way: Sending.Way, _ address: IPAddress, error: SystemError?
  ) {
    let news = sending.note(way, address, error: error?.description, at: .now)
    guard let news else { return }
    log.sending(news, way, name(of: way.link.index), error)
    switch news {
    case .refused, .works(wasRefused: true): reconsider()
    case .failed, .works: break
    }
  }

  /// Tries again where frames were refused.
  ///
  /// - Returns: when to try again.
  mutating func trySending(at now: Instant) -> Instant {
    for (way, address) in sending.due(at: now) { trySending(way, address) }
    return sending.nextDue
  }

  /// Tries it where addresses are announced, whether or not anything is due there: a node that is asked
  /// rarely has nothing else to tell it.
  mutating func trySendingEverywhere() {
    var ways: [Sending.Way: IPAddress] = [:]
    for (claim, affirmation) in armed {
      ways[Sending.Way(link: affirmation.link, isIPv6: claim.address.isIPv6)] = claim.address
    }
    for (way, address) in ways { trySending(way, address) }
  }

  private mutating func trySending(_ way: Sending.Way, _ address: IPAddress) {
    guard let link = links?.first(where: { $0.id == way.link }),
      let hardwareAddress = link.hardwareAddress
    else { return }
    let error = responder.trySending(
      for: address, on: way.link.index, from: hardwareAddress)
    noteSending(way, address, error: error)
  }

  /// Where the kernel refuses to send, for `/readyz` and `status`.
  var sendObstacles: [String] {
    (service?.verdicts ?? []).compactMap { verdict in
      let reason = [verdict.reason, verdict.arpReason, verdict.ndpReason].compactMap(\.self)
        .first { if case .sendRefused = $0 { true } else { false } }
      return reason.map { "\(verdict.name): \($0)" }
    }
  }
}
