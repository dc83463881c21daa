internal import Lease
internal import LinuxSystem
internal import Time

extension EtcdCalls {
  /// More leases than this are not asked for: there is one for each node.
  private static let mostLeases = 512
  /// How long etcd may take to say how long one lease lasts. The member asks its leader, which may be away
  /// while keys can still be read.
  private static let standingTime = Duration.seconds(1)

  /// Reads everything below the prefix for people, and how long each lease lasts.
  ///
  /// On the connections that carry no renewals, and page by page, so that no answer of theirs waits long
  /// behind one of ours.
  func survey(until deadline: Instant) async throws(StoreFailure) -> StoreSurvey {
    try await connection.perform("survey the claims", until: deadline) {
      endpoint async throws(EtcdFailure) -> StoreSurvey in
      var survey = EtcdSurvey(keys: keys, isOwn: sessions.isOwn)
      _ = try await everyKey(on: endpoint, until: { deadline }) { key in
        if let key {
          survey.add(key)
        } else {
          survey = EtcdSurvey(keys: keys, isOwn: sessions.isOwn)
        }
      }
      return survey.finished(await standings(of: survey.leases, on: endpoint, until: deadline))
    }
  }

  /// What etcd says of leases, as far as it says so in time: without it the survey is still worth telling.
  ///
  /// Source: etcd's rpc.proto, `LeaseTimeToLive`.
  private func standings(
    of leases: [Int64], on endpoint: EtcdEndpoint, until deadline: Instant
  ) async -> [Int64: LeaseStanding] {
    var standings: [Int64: LeaseStanding] = [:]
    let limit = min(deadline, .now + Self.standingTime)
    for lease in leases.prefix(Self.mostLeases) {
      do throws(EtcdFailure) {
        let answer: LeaseStandingAnswer = try await connection.post(
          "/v3/lease/timetolive", LeaseRequest(lease: lease), to: endpoint, until: limit)
        standings[lease] = LeaseStanding(answer)
      } catch {
        break
      }
    }
    return standings
  }
}
