internal import Lease
internal import Time
internal import Wire

extension ModelStore {
  /// Carries out a request that has arrived and says what it answers; nil where the store sends a
  /// failure (the session that a claim should belong to is gone).
  mutating func perform(_ request: Request, at now: Moment) -> Outcome {
    switch request.call.request {
    case .open(let node, let timeToLive):
      return open(node, timeToLive!.nanoseconds, for: request, at: now)
    case .renew(let id):
      guard let position = position(of: id), !isOverdue(position, at: now) else {
        return .renewal(.sessionGone)
      }
      renew(position, at: now)
      return .renewal(.renewed)
    case .confirmOwnership:
      return .picture(picture)
    case .acquire(let wanted, let id):
      guard let position = position(of: id) else { return Self.noSuchSession }
      return .acquisition(acquire(wanted, for: sessions[position], at: now))
    case .release(let references, let id):
      for reference in references {
        let number = number(of: reference.address)
        guard let claim = claims[number], claim.session == id,
          reference.epoch ?? claim.epoch == claim.epoch
        else { continue }
        free(number)
      }
      return .done
    case .prefer(let preferences, let id):
      guard position(of: id) != nil else { return Self.noSuchSession }
      for preference in preferences {
        prefer(preference.node, for: number(of: preference.address), by: id)
      }
      return .done
    case .close(let id):
      if let position = position(of: id) { end(position) }
      return .done
    }
  }

  private static let noSuchSession = Outcome.failed(
    StoreFailure(.refused, "requested lease not found"))

  /// An expired lease that is not revoked yet is not renewed any more.
  private func isOverdue(_ position: Int, at now: Moment) -> Bool {
    sessions[position].expiresAt <= clock.reading(at: now)
  }

  private mutating func open(
    _ node: String, _ timeToLive: Int64, for request: Request, at now: Moment
  ) -> Outcome {
    if let other = sessions.first(where: { $0.isLive && $0.node == node }) {
      return .opening(.nameTaken(by: SessionDescription(id: other.id, node: node)))
    }
    let session = begin(
      node: node, owner: Owner(node: request.node, process: request.process),
      timeToLive: timeToLive, at: now)
    return .opening(.opened(session.id, granted: .nanoseconds(session.timeToLive)))
  }

  private mutating func acquire(
    _ wanted: [IPAddress], for session: Session, at now: Moment
  ) -> [IPAddress: AcquireAnswer] {
    var answers: [IPAddress: AcquireAnswer] = [:]
    for address in wanted {
      let number = number(of: address)
      if let holder = holder(of: number) {
        answers[address] = holder.session == session.id ? .acquired(holder.epoch) : .heldBy(holder)
      } else {
        answers[address] = .acquired(claim(number, for: session, at: now))
      }
    }
    return answers
  }
}
