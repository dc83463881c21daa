internal import Announcer
internal import LinuxSystem
internal import RawSocket
internal import Reconciler
internal import Time
internal import Wire

/// Whether what is to leave does leave, for the log and for people.
extension Coordinator {
  mutating func noteSent(
    _ result: Result<Int, SendFailure>, of claim: Claim, isFirst: Bool = false
  ) {
    switch result {
    case .success(let frames):
      // With thousands of addresses a line each would be noise; they have theirs in `gained`.
      parts.log.announced(
        claim, name(of: claim.interfaceIndex), frames: frames,
        isNews: isFirst && reconciler.armed.count <= EventLog.limit)
      noteSending(claim, error: nil)
    case .failure(.silent(let reason)):
      parts.log.notAnnounced(claim, name(of: claim.interfaceIndex), reason.name)
    case .failure(.refused(let error)): noteSending(claim, error: error)
    }
  }

  private mutating func noteSending(_ claim: Claim, error: SystemError?) {
    let news = reconciler.report(sending: claim, refusal: error?.description, at: .now)
    guard let news, let link = reconciler.armed[claim]?.link else { return }
    parts.log.sending(
      news, Sending.Way(link: link, isIPv6: claim.address.isIPv6), name(of: link.index), error)
  }

  mutating func trySending(_ way: Sending.Way, _ address: IPAddress, from: MACAddress) {
    let error = parts.responder.trySending(for: address, on: way.link.index, from: from)
    let news = reconciler.report(sending: way, address, refusal: error?.description, at: .now)
    if let news { parts.log.sending(news, way, name(of: way.link.index), error) }
  }

  /// Tries it where addresses are announced, whether or not anything is due there: a node that is asked
  /// rarely has nothing else to tell it.
  mutating func trySendingEverywhere() {
    var ways: [Sending.Way: IPAddress] = [:]
    for (claim, affirmation) in reconciler.armed {
      ways[Sending.Way(link: affirmation.link, isIPv6: claim.address.isIPv6)] = claim.address
    }
    for (way, address) in ways {
      let link = links?.first { $0.id == way.link }
      if let from = link?.hardwareAddress { trySending(way, address, from: from) }
    }
  }
}
