internal import Control
internal import Lease
internal import LinuxSystem
internal import Time

/// Answers `announcer status --cluster`: asks the store, on the connections that the daemon has.
struct ClusterSurveyor: Sendable {
  let mailbox: Mailbox
  let lease: LeaseDriver
  let version: String

  /// How long the store may take. The command waits for longer (`ClusterCommand`).
  static let patience = Duration.seconds(4)

  func answer() async -> Response {
    guard let before = await mailbox.knowledge() else { return isEnding }
    let askedAt = Instant.now
    do throws(StoreFailure) {
      let survey = try await lease.survey(within: Self.patience)
      let took = Instant.now - askedAt
      guard let after = await mailbox.knowledge() else { return isEnding }
      let believed = after.heldThroughout(since: before)
      return Response(
        version: version,
        cluster: ClusterReport(knowledge: after, believed: believed).status(survey, took: took))
    } catch {
      guard let known = await mailbox.knowledge() else { return isEnding }
      return Response(
        version: version,
        cluster: ClusterReport(knowledge: known, believed: [:]).lastKnown(error, at: .now))
    }
  }

  private var isEnding: Response {
    Response(version: version, error: "this announcer is shutting down")
  }
}
