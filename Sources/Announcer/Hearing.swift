package import Time

/// Which links have received nothing at all since they came up: no frame for us, none for anybody.
///
/// A LAN is never that quiet for long: neighbours look for each other, switches and routers speak. The
/// kernel's counters of a link tell "nothing arrives" from "nothing for us".
package struct Hearing: Sendable {
  /// For how long a link is given time.
  package static let patience = Duration.seconds(10)

  /// One time that a link is up.
  private struct Period: Hashable {
    let link: LinkID
    let receivedWhenUp: UInt64
  }

  private var since: [Period: Instant] = [:]

  package init() {}

  /// Takes note of the counters, and judges.
  ///
  /// - Parameters:
  ///   - links: those on which something is announced.
  ///   - received: frames received since each link came to be, by index; a link that is missing is not judged.
  package mutating func judge(
    _ links: [Link], received: [Int32: UInt64], at now: Instant
  ) -> [LinkID] {
    var deaf: [LinkID] = []
    var waiting: [Period: Instant] = [:]
    for link in links {
      guard let count = received[link.id.index], count <= link.receivedWhenUp else { continue }
      let period = Period(link: link.id, receivedWhenUp: link.receivedWhenUp)
      let began = since[period] ?? now
      waiting[period] = began
      if now - began >= Self.patience { deaf.append(link.id) }
    }
    since = waiting
    return deaf
  }
}
